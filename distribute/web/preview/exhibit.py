"""One edition, and everything that is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from distribute.checks.proof import READER, Proof
from distribute.checks.report import Off
from distribute.checks.rule import Place
from distribute.checks.weight import Weight, weight_of_html, weight_of_styles
from distribute.editions.edition import Edition
from distribute.feeds.options import FeedOptions
from distribute.render.email.personal import personalise, values_of
from distribute.web.preview.changes import Change, Shown, unwrapped
from distribute.web.preview.entry import FeedEntry, feed_entry
from distribute.web.preview.envelope import Envelope, envelope_of
from distribute.web.preview.inbox import InboxLine, inbox_line
from distribute.web.preview.memory import Past
from distribute.web.preview.pictures import at_hand, remote_pictures
from distribute.web.preview.remarks import Group, Remark, Tally, grouped, tally_of
from distribute.web.preview.source import Line, source_of
from distribute.web.preview.variants import Mode, variant_of
from distribute.web.preview.words import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How much of everything there is."""

    html: Weight
    styles: Weight
    message: int
    """Octets of the whole message; 0 without one."""
    text: int
    """Octets of the text part."""
    words: int
    links: int
    pictures: int
    remote: tuple[str, ...]
    """Addresses of the pictures that are on other people's servers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exhibit:
    """An edition as the gallery shows it; told from others as a thing."""

    edition: Edition
    line: InboxLine
    html: str
    """The HTML part, as the sample reader gets it."""
    text: str
    variants: Mapping[Mode, str]
    envelope: Envelope
    entry: FeedEntry | None
    measures: Measures
    source: tuple[Line, ...]
    remarks: tuple[Remark, ...]
    off: tuple[Off, ...]
    """What was found of rules that are switched off."""
    past: Past
    change: Change | None
    """What is new since an earlier preview; `None` for the first one."""

    @property
    def tag(self) -> str:
        """The language, as addresses have it."""
        return self.edition.language.folder

    @property
    def tally(self) -> Tally:
        """How much was found."""
        return tally_of(self.remarks)

    def tally_at(self, *places: Place) -> Tally:
        """Count what was found at some places."""
        return tally_of([each for each in self.remarks if each.place in places])

    def about(self, place: Place, *subjects: str) -> tuple[Group, ...]:
        """Give what was found about some things there, such as ``subject``."""
        return grouped(
            each
            for each in self.remarks
            if each.place is place and each.finding.rule.startswith(subjects)
        )

    def elsewhere(self, place: Place, *subjects: str) -> tuple[Group, ...]:
        """Give what was found there about anything else."""
        return grouped(
            each
            for each in self.remarks
            if each.place is place and not each.finding.rule.startswith(subjects)
        )

    @property
    def at_large(self) -> tuple[Group, ...]:
        """Give what is about no line of the post."""
        lines = range(1, len(self.source) + 1)
        return grouped(each for each in self.remarks if each.finding.line not in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known beside the proof."""

    remarks: Sequence[Remark]
    off: Sequence[Off]
    past: Mapping[str, Past]
    feeds: FeedOptions
    now: str


def exhibit_of(proof: Proof, known: Circumstances) -> Exhibit:
    """Lay out everything about an edition."""
    links = proof.links
    values = values_of(
        name=READER.name,
        address=READER.address,
        unsubscribe_url=links.unsubscribe,
        preferences_url=links.preferences,
    )
    html, text = personalise(proof.email, values)
    path = proof.edition.post.path
    remarks = tuple(each for each in known.remarks if each.finding.path == path)
    shown = at_hand(html, proof.publication)
    envelope = envelope_of(proof)
    measures = _measures(proof, html, text, len(envelope.message))
    past = _past(proof, text, measures.html.size, known)
    return Exhibit(
        edition=proof.edition,
        line=inbox_line(proof, html),
        html=html,
        text=text,
        variants={mode: variant_of(shown, mode) for mode in Mode},
        envelope=envelope,
        entry=feed_entry(proof, known.feeds),
        measures=measures,
        source=source_of(proof, remarks),
        remarks=remarks,
        off=tuple(each for each in known.off if each.finding.path == path),
        past=past,
        change=past.change,
    )


def _measures(proof: Proof, html: str, text: str, message: int) -> Measures:
    return Measures(
        html=weight_of_html(proof.email, proof.public_url),
        styles=weight_of_styles(html),
        message=message,
        text=len(text.encode("utf-8", "replace")),
        words=count_words(proof.text),
        links=len(proof.content.links),
        pictures=len(proof.content.images),
        remote=remote_pictures(html, proof.publication),
    )


def _past(proof: Proof, text: str, size: int, known: Circumstances) -> Past:
    shown = Shown(
        subject=proof.email.subject,
        preheader=proof.email.preheader,
        size=size,
        lines=unwrapped(text),
    )
    before = known.past.get(proof.language.tag)
    return (
        before.followed_by(shown, known.now)
        if before
        else Past(last=shown, at=known.now)
    )
