"""A clean fragment fitted to where it is read: mail, page, either direction."""
