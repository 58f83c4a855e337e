"""Some of the people on the list, by what is known of them."""
