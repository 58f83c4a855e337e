"""What was tried, and how it ended: the account that no message is sent without."""
