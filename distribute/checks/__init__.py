"""Everything that is wrong with a newsletter, as findings with file and line."""
