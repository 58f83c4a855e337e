"""What is said on a terminal, and to programs."""
