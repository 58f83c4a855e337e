"""Editions become documents: content, plain text, pages and e-mails.

::

    Markdown -> liquid -> markdown -> TREE -> links -> html -> layout -> email, page
                                           `-> text
                                           `-> excerpt

The tree is ours (`tree`), so whatever comes after the parser knows no library.
"""
