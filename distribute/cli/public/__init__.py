"""The public side put together, and the letters that it sends."""
