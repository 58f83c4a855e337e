"""What is measured: sizes of messages, kinds of sinks, delays of replies."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.newsletter import Size


class Kind(StrEnum):
    """Which sink takes the messages."""

    FAST = "fast sink"
    POSTFIX = "smtp-sink"


@dataclass(frozen=True, slots=True)
class Scene:
    """One situation in which all senders are measured side by side."""

    size: Size
    kind: Kind
    delay: int = 0
    """Milliseconds until the sink answers."""

    @property
    def name(self) -> str:
        """Describe it in a few words."""
        late = f", replies after {self.delay} ms" if self.delay else ""
        return f"{self.size}, {self.kind}{late}"


LARGE_FAST = Scene(Size.LARGE, Kind.FAST)
LARGE_POSTFIX = Scene(Size.LARGE, Kind.POSTFIX)
LARGE_LATE = Scene(Size.LARGE, Kind.FAST, 10)
SMALL_FAST = Scene(Size.SMALL, Kind.FAST)
SMALL_POSTFIX = Scene(Size.SMALL, Kind.POSTFIX)
SMALL_LATE = Scene(Size.SMALL, Kind.FAST, 10)

SCENES = (
    LARGE_FAST,
    LARGE_POSTFIX,
    LARGE_LATE,
    SMALL_FAST,
    SMALL_POSTFIX,
    SMALL_LATE,
)
