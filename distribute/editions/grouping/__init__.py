"""Which posts are one issue: by number, by what they share, or alone."""
