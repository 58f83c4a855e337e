"""Editions and audience become deliveries, sent once each and accounted for."""
