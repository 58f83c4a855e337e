"""What can be said about a picture, and why nothing can."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """A picture's type, and its size in CSS pixels where its file alone decides it."""

    media_type: str
    width: int = 0
    height: int = 0


class PictureError(ValueError):
    """Why bytes are no picture that browsers show; it never leaves this stage."""


def with_sides(media_type: str, width: int, height: int) -> Measured:
    """Make what is said about a picture; raises `PictureError` if nobody could see it."""
    if not width or not height:
        raise PictureError("one of its sides is 0 pixels long")
    return Measured(media_type, width, height)
