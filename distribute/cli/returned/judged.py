"""What was decided about mail that came back: as a table, and for programs."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from distribute.campaign.returned.judge import Decision
from distribute.campaign.returned.returns import Judged
from distribute.campaign.returned.wave import Wave
from distribute.cli.returned.judged_table import judged_table
from distribute.cli.terminal.words import counted, many
from distribute.render.characters import clean
from distribute.sinks.inbox.item import Unread

_ALARMS = 5
"""Different ones that are shown in full."""
_HINTS = {
    Decision.ALARM: "An alarm is about you, not about your readers: a server refuses your "
    "address, your signature or what you write. Nobody was taken off the list. "
    "`distribute doctor` looks for the cause.",
    Decision.UNKNOWN: "Somebody ought to read what is unknown: nothing was changed.",
}


WAVE_HINT = (
    "So many mailboxes are seldom gone at once: as a rule a directory of their provider "
    "has failed, and they live. Nobody was taken off the list for it, and each report "
    "counts as a strike. Write to one of them, or look whether the provider tells of "
    "trouble. Whoever is gone indeed bounces at the next issues as well; to take them off "
    "now, `distribute audience import FILE --status bounced` with their addresses."
)
"""What somebody ought to know of a wave."""


@dataclass(slots=True)
class Account:
    """All that was read, and what came of it."""

    rows: list[tuple[str, Judged]] = field(default_factory=list)
    """Where each lies, and one report of it."""
    unread: list[Unread] = field(default_factory=list)
    waves: tuple[Wave, ...] = ()
    """So many failures that it is a server that errs."""
    messages: int = 0

    def know_of(self, waves: Collection[Wave]) -> None:
        """Take in waves, and what was taken back because of them."""
        self.waves = tuple(waves)
        back = {(wave.campaign, key) for wave in waves for key in wave.taken_back}
        self.rows = [
            (name, _taken_back(judged))
            if judged.decision is Decision.BOUNCED
            and (judged.campaign, judged.key) in back
            else (name, judged)
            for name, judged in self.rows
        ]

    @property
    def counts(self) -> Mapping[Decision, int]:
        """How many reports came to each decision, those that matter first."""
        found = Counter(judged.decision for _, judged in self.rows)
        return {each: found[each] for each in Decision if found[each]}

    @property
    def needs_somebody(self) -> bool:
        """Whether there is anything to be put right: an alarm, or what is not readable."""
        is_alarming = bool(self.waves) or Decision.ALARM in self.counts
        return is_alarming or any(not each.is_meant for each in self.unread)

    @property
    def asks_for_letters(self) -> bool:
        """Whether somebody is to be answered."""
        return Decision.ASKED in self.counts

    def document(self) -> dict[str, object]:
        """Give it all to programs."""
        return {
            "messages": self.messages,
            "decisions": {str(each): count for each, count in self.counts.items()},
            "waves": [_wave(each) for each in self.waves],
            "reports": [_document(name, judged) for name, judged in self.rows],
            "unread": [
                {
                    "path": str(each.path),
                    "reason": each.reason,
                    "hint": each.hint,
                    "is_meant": each.is_meant,
                }
                for each in self.unread
            ],
        }

    def lines(self, *, everything: bool) -> Iterator[str]:
        """Say it to people; what was judged before is only counted, but for `everything`."""
        shown = [
            (name, judged)
            for name, judged in self.rows
            if everything or judged.decision is not Decision.BEFORE
        ]
        if shown:
            yield from judged_table(shown)
            yield ""
        for words, count in self._alarms().most_common(_ALARMS):
            times = f" ({many(count)} times)" if count > 1 else ""
            yield clean(f"ALARM: {words}{times}")
        for wave in self.waves:
            yield clean(f"ALARM: {_about(wave)}{wave.words}{_returned(wave)}")
        for each in self.unread:
            yield clean(f"{each}. {each.hint}")
        yield f"{counted(self.messages, 'message')}: {self._summary()}"
        for decision in self.counts:
            if decision in _HINTS:
                yield _HINTS[decision]
        if self.waves:
            yield WAVE_HINT

    def _alarms(self) -> Counter[str]:
        """Count what servers say about us, in their words."""
        return Counter(
            judged.report.text or judged.reason
            for _, judged in self.rows
            if judged.decision is Decision.ALARM
        )

    def _summary(self) -> str:
        counts = (f"{many(count)} {each}" for each, count in self.counts.items())
        return ", ".join(counts) or "nothing to judge"


def _taken_back(judged: Judged) -> Judged:
    reason = f"{judged.report.status}, but taken back: so many cannot be gone"
    return replace(judged, decision=Decision.STRIKE, reason=reason)


def _about(wave: Wave) -> str:
    return f"{wave.campaign}: " if wave.campaign else ""


def _returned(wave: Wave) -> str:
    count = len(wave.taken_back)
    return f"; {many(count)} of them stand on the list as before" if count else ""


def _wave(wave: Wave) -> dict[str, object]:
    return {
        "campaign": wave.campaign or None,
        "domain": wave.domain or None,
        "gone": wave.gone,
        "accepted": wave.accepted,
        "taken_back": sorted(wave.taken_back),
    }


def _document(name: str, judged: Judged) -> dict[str, object]:
    report = judged.report
    return {
        "message": name,
        "message_id": judged.message_id,
        "kind": str(report.kind),
        "format": report.source,
        "about": judged.key or None,
        "recipient": report.recipient,
        "campaign": judged.campaign or None,
        "status": report.status,
        "code": report.code,
        "text": report.text,
        "decision": str(judged.decision),
        "reason": judged.reason,
        "earlier": str(judged.earlier) if judged.earlier else None,
    }
