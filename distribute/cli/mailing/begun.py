"""The mailings of an issue that have begun, made again as they were begun."""

from collections.abc import Iterator

from distribute.campaign.ledger.account import Account
from distribute.campaign.plan.extra import Begun
from distribute.cli.mailing.belated import Belated
from distribute.cli.mailing.correcting import CorrectionMailing
from distribute.cli.mailing.mailing import Mailing
from distribute.errors import PlanError
from distribute.language import Language


class BegunMailings:
    """What goes on with each campaign of an issue that has begun at a sink."""

    def __init__(self, belated: Belated, account: Account) -> None:
        self._belated = belated
        self._account = account
        self._begun = account.begun(belated.main.campaign_id)

    def __iter__(self) -> Iterator[tuple[Begun, Mailing | None]]:
        """Give them in the order in which they began; see `_mailing`."""
        for begun in self._begun:
            yield begun, self._mailing(begun)

    def _mailing(self, begun: Begun) -> Mailing | None:
        """Make one again; `None` if nothing can go on with it.

        That is so when a late edition has been taken back, and when the text that a
        correction sent has been changed: another correction reaches whoever lacks it.
        """
        main = self._belated.main
        if begun.id == main.campaign_id:
            return main
        if begun.late:
            late = Language(begun.late)
            there = late in main.issue.editions
            return self._belated.late_mailing(late) if there else None
        return self._correction(begun)

    def _correction(self, begun: Begun) -> Mailing | None:
        main = self._belated.main
        said = self._account.words(begun)
        words = {Language(tag): its_words for tag, its_words in said.items()}
        if not words.keys() <= main.issue.editions.keys():
            return None
        mailing = CorrectionMailing(main, words, self._begun)
        return mailing if mailing.campaign_id == begun.id else None


def begun_mailing(belated: Belated, account: Account, campaign: str) -> Mailing:
    """Make one again by its id; raises `PlanError` if nothing can go on with it."""
    for begun, mailing in BegunMailings(belated, account):
        if begun.id == campaign and mailing is not None:
            return mailing
    raise PlanError(
        f"nothing goes on with {campaign}", hint="Its text has changed meanwhile."
    )
