"""What the doctor says about one thing: a verdict, why, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands; only a problem makes the doctor's exit status 1."""

    OK = "ok"
    ADVICE = "advice"  # works, and could be better
    PROBLEM = "problem"  # mail is lost, refused or not trusted
    OPEN = "open"  # cannot be judged without looking something up


class Part(StrEnum):
    """The headings under which judgements are listed, in their order."""

    SENDER = "Sender"
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    SERVER = "Mail server"
    RETURN = "The way back"
    WEB = "Links and feeds"
    STORE = "Database server"
    KEEPING = "This folder"
    LIST = "The list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One thing that was looked at.

    >>> print(Judgement(id="postal-address", part=Part.SENDER, verdict=Verdict.OK,
    ...     about="postal address", found="is set"))
    Sender: ok: postal address: is set [postal-address]
    """

    id: str
    """Stable, in kebab-case: ``spf-record``."""
    part: Part
    verdict: Verdict
    about: str
    """What was looked at, in a few words: ``SPF record of example.org``."""
    found: str
    """How it stands, without a full stop."""
    why: str = ""
    """Why that matters; empty where all is well."""
    remedy: str = ""
    """What to do now; empty where there is nothing to do."""

    def __str__(self) -> str:
        return f"{self.part}: {self.verdict}: {self.about}: {self.found} [{self.id}]"
