"""The tree as plain text, for the other half of a message."""
