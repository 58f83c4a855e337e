"""One delivery becomes a message: the bytes that are sent, signed, the same on every run."""
