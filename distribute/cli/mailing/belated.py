"""Editions that came after their issue was sent: whom they concern, and who gets them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from shlex import quote
from typing import TypeVar

import click

from distribute.audience.store import Store
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.entitled import NEVER, had_another
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.extra import late_id
from distribute.campaign.plan.late import (
    LateChoices,
    LatePolicy,
    come_after,
    come_later,
)
from distribute.campaign.plan.plan import campaign_id
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.owed import count_owed
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.terminal.words import people
from distribute.editions.edition import Issue
from distribute.finding import Finding
from distribute.language import Language
from distribute.render.document import Email

Function = TypeVar("Function", bound=Callable[..., object])


def late_option(function: Function) -> Function:
    """Let ``--late`` say who gets an edition that came after the issue was sent."""
    return click.option(
        "--late",
        type=click.Choice([str(policy) for policy in LatePolicy]),
        help="Who gets an edition that came after the issue was sent: nobody, those who "
        "got nothing, or also those who got another one.  [default: the settings']",
    )(function)


class LateMailing(Mailing):
    """One late edition on its way to those who got another one."""

    def __init__(self, main: Mailing, late: Language, among: Among) -> None:
        edition = {late: main.issue.editions[late]}
        super().__init__(
            main.newsletter, replace(main.issue, editions=edition), main.store
        )
        self._main = main
        self._late = late
        self._among = among

    @property
    def campaign_id(self) -> str:
        """What the ledger knows this mailing by: ``issue-5.late-es``."""
        return late_id(self._main.campaign_id, self._late)

    @property
    def command(self) -> str:
        """The words that send it, and go on with it."""
        return f"send {quote(self.issue.id)} --late fallback"

    @property
    def among(self) -> Sequence[Among]:
        """Those who got another edition before this one was there."""
        return (self._among,)

    @cached_property
    def emails(self) -> Mapping[Language, Email]:
        """The edition as an e-mail, the one that everybody gets."""
        return {self._late: self._main.emails[self._late]}

    @property
    def obstacles(self) -> Sequence[Finding]:
        """What keeps the issue from being sent."""
        return self._main.obstacles

    @cached_property
    def choices(self) -> Choices:
        """Give the late edition to those whose wishes it meets best."""
        return LateChoices(self._main.issue.editions, self._late)


@dataclass(frozen=True, slots=True)
class Latecomer:
    """An edition that came when others had been sent already."""

    language: Language
    missed: int
    """How many want it and have got nothing yet."""
    fallback: int
    """How many got another edition, though this one would suit them better."""


class Belated:
    """What an issue comes to at one sink, with its late editions."""

    def __init__(
        self,
        newsletter: Newsletter,
        issue: Issue,
        store: Store,
        *,
        account: Account,
        policy: str | None = None,
        check_at: datetime | None = None,
    ) -> None:
        """Take a sink's account, and who gets late editions if it is not as usual."""
        self.policy = LatePolicy(policy or newsletter.settings.retrying.late)
        self._newsletter = newsletter
        self._issue = issue
        self._account = account
        campaign = campaign_id(issue)
        begun = next((b for b in account.begun(campaign) if b.id == campaign), None)
        self._number = begun.number if begun else 0
        self._finished = account.finished(campaign)
        self._printed = account.printed(begun) if begun else {}
        held_back = come_after(issue.editions, self._printed, self._finished)
        self.main = Mailing(
            newsletter,
            issue,
            store,
            check_at=check_at,
            held_back=held_back if self.policy is LatePolicy.NOBODY else (),
        )

    @property
    def mailings(self) -> Sequence[Mailing]:
        """The issue itself, and what goes out besides by the policy."""
        also = self.late if self.policy is LatePolicy.FALLBACK else ()
        return (self.main, *also)

    @cached_property
    def late(self) -> Sequence[LateMailing]:
        """A mailing for each edition that came later than the first; none before the end."""
        if self._finished is None:
            return ()
        later = come_later(self._issue.editions, self._printed)
        return tuple(self.late_mailing(language) for language in later)

    def latecomers(self, now: datetime) -> Iterator[Latecomer]:
        """Count whom the late editions concern, whatever the policy is."""
        publication = self._newsletter.publication
        choices = Choices.for_issue(self._issue, publication)
        missed = (
            self._owed(self.main.campaign_id, choices, (), now) if self.late else {}
        )
        for mailing in self.late:
            (language,) = mailing.issue.editions
            fallback = self._owed(
                mailing.campaign_id, mailing.choices, mailing.among, now
            )
            yield Latecomer(
                language, missed.get(language, 0), fallback.get(language, 0)
            )

    def late_mailing(self, language: Language) -> LateMailing:
        """Prepare the mailing of one late edition, to those who got another one."""
        since = self._printed.get(language.tag, NEVER)
        return LateMailing(
            self.main, language, had_another(self._number, language, since)
        )

    def _owed(
        self, campaign: str, choices: Choices, among: Sequence[Among], now: datetime
    ) -> Mapping[Language, int]:
        with Due(
            self._newsletter.settings.database,
            sink=self._account.sink,
            campaign=campaign,
            today=self._newsletter.day_of(now),
            among=among,
        ) as due:
            return count_owed(due, choices, fresh=True, again=()).by_language


def latecomer_lines(
    latecomers: Sequence[Latecomer], policy: LatePolicy
) -> Iterator[str]:
    """Say whom late editions concern, and what the policy makes of it."""
    for each in latecomers:
        if each.missed or each.fallback:
            yield ""
            yield f"{each.language} came after the first editions were sent."
        if each.missed:
            whom = f"  {people(each.missed)} got nothing and would get it"
            held = policy is LatePolicy.NOBODY
            yield f"{whom}: {'--late missed sends it' if held else 'counted above'}."
        if each.fallback:
            whom = f"  {people(each.fallback)} got another edition, and it suits them better"
            below = policy is LatePolicy.FALLBACK
            yield f"{whom}: {'counted below' if below else '--late fallback sends it'}."


def latecomer_document(each: Latecomer) -> dict[str, object]:
    """Give the same to programs."""
    return {
        "edition": each.language.tag,
        "missed": each.missed,
        "fallback": each.fallback,
    }
