"""Markdown becomes a tree: kramdown's dialect, as Jekyll runs it, on mistune."""
