"""Contents that stay in memory, as far as there is room for them."""

from collections import OrderedDict
from sys import getsizeof

from distribute.render.content.manuscript import Manuscript
from distribute.render.document import Content

ROOM = 40 * 1024 * 1024
"""Octets of HTML, as it lies in memory: a thousand long posts, as a rule.

A build of a site needs each content several times: for a summary, for its page, and once
per format of its feed. It is done with one language before it comes to the next; so where
there is not room for all, there still is for those that are needed again.
"""


class AtHand:
    """Those that were asked for last."""

    def __init__(self, room: int = ROOM) -> None:
        """Hold so many octets of HTML, as they lie in memory."""
        self._room = room
        self._contents: OrderedDict[Manuscript, Content] = OrderedDict()

    def get(self, manuscript: Manuscript) -> Content | None:
        """Give what a text says, if that is at hand."""
        content = self._contents.get(manuscript)
        if content is not None:
            self._contents.move_to_end(manuscript)
        return content

    def put(self, manuscript: Manuscript, content: Content) -> Content:
        """Hold what a text says, and let go of what was not asked for the longest."""
        if manuscript not in self._contents:
            self._contents[manuscript] = content
            self._room -= getsizeof(content.html)
        while self._room < 0:
            _, oldest = self._contents.popitem(last=False)
            self._room += getsizeof(oldest.html)
        return content
