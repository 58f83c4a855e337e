"""What of the last preview still holds for the next: the editions that did not change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from distribute.checks.inspect import compare_editions, inspect_edition
from distribute.checks.proof import Proof
from distribute.cli.checking.examination import examine_issue
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.newsletter.proofs import proofs_of
from distribute.editions.edition import Edition, Issue
from distribute.finding import Finding
from distribute.posts.post import Post
from distribute.web.preview.exhibit import Circumstances, Exhibit, exhibit_of
from distribute.web.preview.room import House, Room, room_of

_SHOWN = tuple(
    field.name for field in fields(Edition) if field.name not in {"post", "decisions"}
)

_TELLING = ("path", "digest", "body_line", "front_matter", "findings")


@dataclass(slots=True)
class _Kept:
    """What was made of one edition."""

    proof: Proof
    findings: tuple[Finding, ...] | None = None
    exhibit: Exhibit | None = None


class Retained:
    """Lays an issue out again and again, and makes anew only what has changed.

    An edition is kept as long as its post, what it says, the titles and addresses of the
    others, the settings and the templates are the same.
    """

    def __init__(self) -> None:
        self._last: Newsletter | None = None
        self._kept: dict[str, _Kept] = {}
        """By the address of the edition."""

    def take_up(self, newsletter: Newsletter) -> None:
        """Go on with the newsletter as it is now; call it before `room`."""
        last, self._last = self._last, newsletter
        if last is None:
            return
        is_same = newsletter.settings == last.settings and (
            _addresses(newsletter) == _addresses(last)
        )
        if not (is_same and newsletter.take_look_of(last)):
            self._kept = {}

    def room(self, newsletter: Newsletter, issue: Issue, house: House) -> Room:
        """Lay out an issue; raises as rendering does, and nothing is lost by that."""
        newsletter.contents.ahead(issue.editions.values())
        proofs = proofs_of(newsletter, issue, house.now, known=self._known)
        self._kept = {proof.edition.url: self._of(proof) for proof in proofs}
        report = examine_issue(newsletter, issue, proofs, inspect=self._inspect)
        return room_of(issue, proofs, report, house, exhibit=self._exhibit)

    def _of(self, proof: Proof) -> _Kept:
        kept = self._kept.get(proof.edition.url)
        return kept if kept and kept.proof is proof else _Kept(proof)

    def _known(self, issue: Issue, edition: Edition) -> Proof | None:
        kept = self._kept.get(edition.url)
        if kept is None or self._last is None:
            return None
        holds = (
            _is_same(kept.proof.edition.post, edition.post)
            and kept.proof.content == self._last.content(edition)
            and _faces(kept.proof.issue) == _faces(issue)
        )
        return kept.proof if holds else None

    def _inspect(self, proofs: Sequence[Proof]) -> Iterator[Finding]:
        for proof in proofs:
            kept = self._kept[proof.edition.url]
            if kept.findings is None:
                kept.findings = tuple(inspect_edition(proof))
            yield from kept.findings
        yield from compare_editions(proofs)

    def _exhibit(self, proof: Proof, known: Circumstances) -> Exhibit:
        """Take the exhibit of before, if the same was found and shown then."""
        kept = self._kept[proof.edition.url]
        path, past = proof.edition.post.path, known.past.get(proof.language.tag)
        found = tuple(each for each in known.remarks if each.finding.path == path)
        before = kept.exhibit
        if before is None or (before.remarks, before.past) != (found, past):
            kept.exhibit = before = exhibit_of(proof, known)
        return before


def _addresses(newsletter: Newsletter) -> set[tuple[str, str]]:
    """Say where each post is published, for others may lead there."""
    return {(str(each.post.path), each.url) for each in newsletter.editions}


def _faces(issue: Issue) -> list[tuple[object, ...]]:
    """Give what the editions of an issue show of themselves to each other."""
    return [
        tuple(getattr(edition, name) for name in _SHOWN)
        for edition in issue.editions.values()
    ]


def _is_same(last: Post, now: Post) -> bool:
    """Compare posts without their bodies, which may not be at hand any more."""
    return bool(now.digest) and all(
        getattr(last, name) == getattr(now, name) for name in _TELLING
    )
