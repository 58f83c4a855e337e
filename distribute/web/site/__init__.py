"""Which files make the site: planned, and not yet made."""
