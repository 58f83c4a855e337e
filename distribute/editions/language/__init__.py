"""In which language a post is: what it says itself, else what its text looks like."""
