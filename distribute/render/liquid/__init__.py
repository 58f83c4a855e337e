"""Jekyll's Liquid tags, resolved before Markdown is read."""
