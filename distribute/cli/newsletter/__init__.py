"""The newsletter that a command works on, opened by its settings."""
