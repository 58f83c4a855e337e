"""The pages of the web archive, and what robots read beside them."""
