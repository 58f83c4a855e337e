"""A sending: its plan, its run, and the account that is given of it."""
