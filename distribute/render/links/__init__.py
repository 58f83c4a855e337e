"""Addresses become absolute, or the words stay and a finding says why."""
