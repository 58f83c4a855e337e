"""Mail that came back: where it comes from, and what was made of it."""
