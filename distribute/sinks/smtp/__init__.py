"""SMTP (RFC 5321): what is said, and many conversations at once."""
