"""Templates and the words of each language, read once."""
