"""Files become posts: what the author wrote, repaired where damaged, nothing guessed."""
