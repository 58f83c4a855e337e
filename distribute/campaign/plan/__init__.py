"""Who gets what of an issue, and why: decided without a database."""
