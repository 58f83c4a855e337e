"""Where mail that came back lies: folders, files, an IMAP server."""
