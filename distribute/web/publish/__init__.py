"""Files put into a folder: whole or not at all, only what changed."""
