"""Editions become documents: content, plain text, pages and e-mails."""
