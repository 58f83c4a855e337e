"""Sending by workers on many machines, as the command line has it."""
