"""How deep in lists and quotes something stands, and so how narrow it is there."""

_NESTING = ("li", "dd", "blockquote")


class Depth:
    """Tell how deep in lists and quotes one is; a fragment is read once."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._seen = self._depth = 0

    def at(self, position: int) -> int:
        """Count the lists and quotes around a place; ask in reading order."""
        for tag in _NESTING:
            begun = self._html.count(f"<{tag}", self._seen, position)
            ended = self._html.count(f"</{tag}>", self._seen, position)
            self._depth += begun - ended
        self._seen = position
        return max(self._depth, 0)
