"""Where an edition is published: patterns, paths, and which places are taken."""
