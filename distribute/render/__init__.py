"""Editions become documents: content, plain text, pages and e-mails.

::

    Markdown -> liquid -> markdown -> TREE -> links -> html -> layout -> email, page
                                           `-> text
                                           `-> excerpt

The tree is ours (`tree`), so whatever comes after the parser knows no library. `content`
walks the upper line, and every step of it has a room; `theme` holds the templates that
`email` and `page` fill. What several rooms need lies beside them: `rewrite` for the tree,
`characters` and `cjk` for text, `note` for what an author should know.
"""
