"""Bring people in from files of many makes, all or nothing."""
