"""What a mailing would come to as it stands: who gets what, who gets nothing and why.

Nobody is kept in memory, however many there are, and no sender is waited for.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

from distribute.campaign.campaign import State
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due
from distribute.campaign.plan.among import EVERYBODY, Among
from distribute.campaign.plan.survey import Fate, Survey, Surveyor
from distribute.cli.mailing.mailing import Mailing
from distribute.language import Language


class Outlook:
    """One issue and one sink's account, looked at from one instant.

    What a dead sender left open counts as the next one will find it. `among` narrows the
    campaign; `again` are the outcomes that do not keep anybody from getting it.
    """

    def __init__(
        self,
        mailing: Mailing,
        account: Account,
        due: Due,
        surveyor: Surveyor,
        now: datetime,
    ) -> None:
        self.mailing = mailing
        self.sink = account.sink
        self._due = due
        self._surveyor = surveyor
        self._aftermath = account.aftermath(mailing.campaign_id, now)

    def survey(self) -> Survey:
        """Count them, and digest the plan."""
        people = self._due.everybody(self._aftermath)
        mailing = self.mailing
        return self._surveyor.survey(mailing.campaign_id, people, mailing.digests)

    def fates(self) -> Iterator[Fate]:
        """Name everybody by key, with their address."""
        people = self._due.everybody(self._aftermath, addressed=True)
        return self._surveyor.fates(people)

    def first_of_each(self) -> Mapping[Language, Fate]:
        """Find the first to get each edition."""
        first: dict[Language, Fate] = {}
        for fate in self._surveyor.fates(self._due.everybody(self._aftermath)):
            if fate.language and fate.language not in first:
                first[fate.language] = fate
                if len(first) == len(self.mailing.issue.editions):
                    break
        return dict(sorted(first.items()))


@contextmanager
def outlook(
    mailing: Mailing,
    sink: str,
    now: datetime,
    *,
    among: Sequence[Among] = EVERYBODY,
    again: Collection[State] = (),
) -> Iterator[Outlook]:
    """Look at a mailing by a sink; the list stays as it is until the end.

    What `among` says narrows it besides what the mailing itself does.
    """
    settings, among = mailing.newsletter.settings, (*mailing.among, *among)
    surveyor = Surveyor(mailing.choices, among, again)
    due = Due(
        settings.database,
        sink=sink,
        campaign=mailing.campaign_id,
        today=mailing.newsletter.day_of(now),
        among=among,
    )
    with Account(settings.database, sink) as account, due, due.steady():
        yield Outlook(mailing, account, due, surveyor, now)


@contextmanager
def outlooks(
    mailings: Sequence[Mailing],
    sink: str,
    now: datetime,
    among: Sequence[Among] = EVERYBODY,
    again: Collection[State] = (),
) -> Iterator[Sequence[Outlook]]:
    """Look at several mailings of one issue."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(outlook(each, sink, now, among=among, again=again))
            for each in mailings
        ]
