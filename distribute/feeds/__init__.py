"""Editions become RSS, Atom and JSON feeds, one set per language."""
