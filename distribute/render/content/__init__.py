"""What an edition says: from the author's Markdown to clean HTML and plain text."""
