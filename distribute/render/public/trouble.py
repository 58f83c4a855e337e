"""What can go wrong on the public side, each in words of its own for readers."""

from enum import StrEnum


class Trouble(StrEnum):
    """Why a page says no; the texts are ``public.trouble`` of the catalogues."""

    DAMAGED_LINK = "damaged_link"
    """We did not make it, or not all of it has arrived."""
    EXPIRED_LINK = "expired_link"
    """We made it, but too long ago."""
    TOO_OFTEN = "too_often"
    TOO_LARGE = "too_large"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    """The address is right, the method is not."""
    DEFECT = "defect"
    BAD_FORM = "bad_form"
    """What arrived is no form of ours."""


class Problem(StrEnum):
    """What keeps a form from being taken; the texts are ``public.problem``."""

    NONE = ""
    MISSING = "missing"
    """There is no address."""
    EMAIL = "email"
    """What stands there is no address that mail can be sent to."""
    NAME = "name"
    """It is too long, or no name."""
    AGAIN = "again"
    """It came faster than people write, or its page was too old: once more, please."""

    @property
    def of_email(self) -> bool:
        """Whether the address has to be mended."""
        return self in {Problem.MISSING, Problem.EMAIL}
