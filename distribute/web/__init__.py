"""The public side: which files make the site, and how they are published."""
