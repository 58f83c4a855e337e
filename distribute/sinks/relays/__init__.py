"""Send by several servers at once, and leave alone for a while those that fail."""
