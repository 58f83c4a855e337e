"""Whatever happens in whatever order: nobody gets a thing twice, nobody is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome
from distribute.campaign.plan.late import LatePolicy
from distribute.language import Language, best_match
from tests.campaign.house import ISSUE, Errand, Got, House, quick_house

NAMES = ["ana", "bea", "cyd"]
TAGS = ["en", "es", "fr"]

names, tags = st.sampled_from(NAMES), st.sampled_from(TAGS)
wishes = st.sampled_from(
    [["es", "en"], ["es"], ["es", "fr"], ["en"], ["fr", "es"], ["fr", "en"], []]
)
policies = st.sampled_from([LatePolicy.FALLBACK] * 3 + list(LatePolicy))
statuses = st.sampled_from([Status.CONFIRMED] * 3 + [Status.UNSUBSCRIBED])
outcomes = st.sampled_from([Outcome.DEFERRED, Outcome.REJECTED, Outcome.UNCERTAIN])

texts = st.sampled_from("ABC")
words = st.sampled_from(["Sorry.", "Oh."])
several = st.sampled_from([["en"], ["es"], ["en", "es"], ["en", "es", "fr"]])
events = st.one_of(
    st.tuples(st.just("put"), names, st.tuples(wishes, st.booleans()), statuses),
    st.tuples(st.just("write"), tags, texts),
    st.tuples(st.just("send"), policies),
    st.tuples(st.just("translate"), st.sampled_from(["es", "fr"]), texts, policies),
    st.tuples(st.just("translate"), st.sampled_from(["es", "fr"]), texts, policies),
    st.tuples(st.just("correct"), several, words),
    st.tuples(st.just("mend"), several, texts, words),
    st.tuples(st.just("mend"), several, texts, words),
    st.tuples(st.just("answer"), names, outcomes),
    st.tuples(st.just("kill"), names),
)
beginnings = st.tuples(*[st.tuples(wishes, st.booleans()) for _ in NAMES])
courses = st.lists(events, min_size=8, max_size=12)


@dataclass
class Chronicle:
    """What has happened, told without a look into the ledger."""

    house: House
    people: dict[str, tuple[Sequence[str], bool, Status]] = field(default_factory=dict)
    there_since: dict[str, int] = field(default_factory=dict)
    """In which run of the issue an edition was there first."""
    invited: dict[str, set[str]] = field(default_factory=dict)
    """By campaign, who must get it."""
    refused: set[tuple[str, str]] = field(default_factory=set)
    """Campaign and key of those whom the server did not take."""

    def happen(self, event: tuple[Any, ...]) -> None:
        name, *details = event
        getattr(self, f"_{name}")(*details)

    def _put(self, name: str, wish: tuple[Sequence[str], bool], status: Status) -> None:
        languages, only = wish
        self.house.put(name, " ".join(languages), only=only, status=status)
        self.people[f"{name}@example.org"] = (languages, only, status)

    def _write(self, tag: str, text: str) -> None:
        self.house.texts[tag] = text

    def _answer(self, name: str, outcome: Outcome) -> None:
        self.house.answers[name] = outcome

    def _kill(self, name: str) -> None:
        self.house.fatal.add(name)

    def _send(self, policy: LatePolicy) -> None:
        errands = [self.house.main(policy)]
        if policy is LatePolicy.FALLBACK:
            errands += self.house.late()
        for errand in errands:
            self._run(errand)

    def _translate(self, tag: str, text: str, policy: LatePolicy) -> None:
        self._write(tag, text)
        self._send(policy)
        self._send(policy)

    def _mend(self, wanted: Sequence[str], text: str, words: str) -> None:
        for tag in self.house.texts.keys() & wanted:
            self._write(tag, text)
        self._correct(wanted, words)

    def _correct(self, wanted: Sequence[str], words: str) -> None:
        there = [tag for tag in wanted if tag in self.house.texts]
        if there and self.house.begun():
            self._run(self.house.correction(*there, words=words))

    def _run(self, errand: Errand) -> None:
        """Carry out a run, and see that it left nobody out if it was not killed."""
        owed = self._owed(errand)
        mishaps = dict(self.house.answers)
        dangers = set(self.house.fatal)
        if errand.campaign == ISSUE and list(self.house.waiting(errand)):
            for tag in self.house.texts:
                self.there_since.setdefault(tag, self.house.runs + 1)
        self.house.run(errand)
        for name in mishaps.keys() - self.house.answers.keys():
            if mishaps[name] is not Outcome.DEFERRED:
                self.refused.add((errand.campaign, f"{name}@example.org"))
        received = {
            got.key for got in self.house.inboxes if got.campaign == errand.campaign
        }
        if errand.campaign != ISSUE:
            assert received <= self.invited.get(errand.campaign, set())
        if dangers == self.house.fatal:
            put_off = {n for n in mishaps if n not in self.house.answers}
            assert {k for k in owed if k.partition("@")[0] not in put_off} <= received

    def _owed(self, errand: Errand) -> set[str]:
        """Say who must have it after an undisturbed run."""
        campaign = errand.campaign
        if campaign == ISSUE:
            found = {key for key in self.people if self._suits(errand, key)}
        else:
            late = campaign.partition(".late-")[2]
            if campaign not in self.invited:
                found = self._may_have(late) if late else self._hold_faulty(errand)
                if found:
                    self.invited[campaign] = found
            found = self.invited.get(campaign, set())
            if late:
                found = {key for key in found if self._likes_best(key) == late}
            else:
                found = {key for key in found if not self._has_corrected(errand, key)}
        there = {key for key in found if self.people[key][2] is Status.CONFIRMED}
        return {key for key in there if (campaign, key) not in self.refused}

    def _suits(self, errand: Errand, key: str) -> bool:
        """Tell whether there is an edition for somebody who has had none."""
        languages, only, _ = self.people[key]
        if any((got.key, got.campaign) == (key, ISSUE) for got in self.house.inboxes):
            return False
        wish = " ".join(languages), int(only and bool(languages))
        return errand.choices.of(*wish).language is not None

    def _likes_best(self, key: str) -> str:
        languages = [Language(tag) for tag in self.people[key][0]]
        match = best_match(languages, self.house.editions) if languages else None
        return match[1].tag if match else ""

    def _may_have(self, late: str) -> set[str]:
        """Find who surely got another edition before this one was there."""
        since = self.there_since.get(late, self.house.runs + 1)
        return {
            got.key
            for got in self._known(ISSUE)
            if got.language != late
            and got.run < since
            and self._likes_best(got.key) == late
            and self.people[got.key][2] is Status.CONFIRMED
        }

    def _hold_faulty(self, errand: Errand) -> set[str]:
        """Find who surely holds an older text, and has not had this correction."""
        holds: dict[tuple[str, str], str] = {}
        for got in self._known(""):
            holds[got.key, got.language] = got.text
        return {
            key
            for (key, tag), text in holds.items()
            if tag in errand.texts
            and text != errand.texts[tag]
            and self.people[key][2] is Status.CONFIRMED
            and not self._was_told(key, tag, errand.texts[tag])
        }

    def _has_corrected(self, errand: Errand, key: str) -> bool:
        return all(self._was_told(key, tag, text) for tag, text in errand.texts.items())

    def _was_told(self, key: str, tag: str, text: str) -> bool:
        return any(
            (got.key, got.language, got.text) == (key, tag, text)
            and ".correction-" in got.campaign
            for got in self.house.inboxes
        )

    def _known(self, campaign: str) -> list[Got]:
        return [
            got
            for got in self.house.inboxes
            if got.is_known and campaign in ("", got.campaign)
        ]


Beginning = tuple[tuple[list[str], bool], ...]
Course = list[tuple[Any, ...]]


def _live_through(beginning: Beginning, course: Course) -> None:
    """Let it all happen, and look into the inboxes at the end."""
    with quick_house() as house:
        chronicle = Chronicle(house)
        for name, wish in zip(NAMES, beginning, strict=True):
            chronicle.happen(("put", name, wish, Status.CONFIRMED))
        for event in [("send", LatePolicy.MISSED), *course]:
            chronicle.happen(event)
        issues = Counter(
            (got.key, got.language)
            for got in house.inboxes
            if ".correction-" not in got.campaign
        )
        corrections = Counter(
            (got.key, got.language, got.text)
            for got in house.inboxes
            if ".correction-" in got.campaign
        )
        runs = Counter((got.key, got.campaign) for got in house.inboxes)
        assert {*issues.values(), *corrections.values(), *runs.values()} <= {1}


@settings(max_examples=40, deadline=None)
@given(beginnings, courses)
def test_nobody_gets_a_thing_twice_and_nobody_is_left_out(
    beginning: Beginning, course: Course
) -> None:
    """Each edition once, and each corrected text once, for whoever is entitled to it."""
    _live_through(beginning, course)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(beginnings, courses)
def test_nobody_does_in_many_more_courses(beginning: Beginning, course: Course) -> None:
    """The same, for longer."""
    _live_through(beginning, course)
