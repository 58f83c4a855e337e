"""The rules of the stages below: what they find while they read, decide and render."""
