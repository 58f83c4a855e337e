"""Corrections: the present text of an issue for those who got another one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePath
from shlex import quote

from distribute.audience.database.database import to_milliseconds
from distribute.campaign.ledger.account import Account
from distribute.campaign.ledger.due import Due
from distribute.campaign.ledger.entitled import had_faulty, overlooked
from distribute.campaign.plan.among import Among
from distribute.campaign.plan.choices import Choices
from distribute.campaign.plan.extra import Begun, correction_id
from distribute.campaign.plan.late import RepeatedChoices
from distribute.cli.invocation import Invocation, say_aside
from distribute.cli.mailing.mailing import Mailing
from distribute.cli.mailing.owed import count_owed
from distribute.cli.mailing.wording import words_by_language
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.process.apart import apart
from distribute.cli.terminal.words import people
from distribute.editions.edition import Issue
from distribute.errors import LockedError, PlanError
from distribute.finding import Finding
from distribute.language import Language
from distribute.render.document import Email


class CorrectionMailing(Mailing):
    """The present text of some editions on its way to those who got another one."""

    def __init__(
        self, main: Mailing, words: Mapping[Language, str], begun: Sequence[Begun]
    ) -> None:
        """Take what to say in each edition, and which campaigns of the issue there are."""
        editions = {tag: main.issue.editions[tag] for tag in words}
        super().__init__(
            main.newsletter, replace(main.issue, editions=editions), main.store
        )
        self._main = main
        self._words = dict(sorted(words.items()))
        self._begun = begun

    @property
    def campaign_id(self) -> str:
        """What the ledger knows this mailing by: ``issue-5.correction-0a1b2c3d``."""
        return correction_id(self._main.campaign_id, self.words, self.texts)

    @property
    def main_id(self) -> str:
        """The campaign of the issue itself."""
        return self._main.campaign_id

    @property
    def command(self) -> str:
        """The words that send it, and go on with it."""
        said = (
            f"--correction {quote(f'{t}={words}')}" for t, words in self.words.items()
        )
        return f"send {quote(self.issue.id)} {' '.join(said)}"

    @property
    def among(self) -> Sequence[Among]:
        """Those who had an older text."""
        return (had_faulty(self._begun, self.texts),)

    @property
    def words(self) -> Mapping[str, str]:
        """What it says, by language tag."""
        return {language.tag: words for language, words in self._words.items()}

    @property
    def obstacles(self) -> Sequence[Finding]:
        """What keeps the issue from being sent."""
        return self._main.obstacles

    @cached_property
    def emails(self) -> Mapping[Language, Email]:
        """The editions as e-mails, with the note above each."""
        return apart(_render, self.newsletter, self._main.issue, self._words)

    @cached_property
    def choices(self) -> Choices:
        """Give everybody the edition that they had."""
        default = self.newsletter.publication.default_language
        return RepeatedChoices(self.issue.editions, default)


def correction(
    invocation: Invocation, main: Mailing, account: Account, said: Sequence[str]
) -> CorrectionMailing:
    """Prepare what somebody typed, and say what else there is to do."""
    mailing = correction_of(
        main, account, words_by_language(main, said), invocation.now
    )
    for language, count in in_need_of_words(mailing, main, account).items():
        say_aside(
            f"distribute: {people(count)} got an older text of {language} as well; that "
            f"edition needs words of its own: --correction {language}=WORDS"
        )
    if count := _overlooked(mailing, account):
        say_aside(
            f"distribute: {people(count)} more got an older text, whom this correction was "
            "not begun for; one in other words reaches them"
        )
    for path in unmarked(mailing, account):
        say_aside(
            f"distribute: {path} has no `modified:` later than its sending; feed readers "
            "learn of the correction by that"
        )
    return mailing


def correction_of(
    main: Mailing, account: Account, words: Mapping[Language, str], now: datetime
) -> CorrectionMailing:
    """Prepare a correction, or go on with it.

    Raises `PlanError` if the issue has not been sent, if a text has not changed since, or
    if nobody on the list has got another one; `LockedError` while somebody sends the
    issue, for then some get the old text even now.
    """
    begun = account.begun(main.campaign_id)
    if not begun:
        raise PlanError(
            f"issue {main.issue.id} has not been sent by {account.sink}",
            hint="There is nothing to correct. Just send it.",
        )
    mailing = CorrectionMailing(main, words, begun)
    for each in begun:
        holder = account.holder(each.id)
        if holder and each.id != mailing.campaign_id:
            _insist_on_end(account, each, holder, now)
    if not any(each.id == mailing.campaign_id for each in begun):
        _insist_on_change(mailing, account)
        if not sum(_concerned(mailing, account).values()):
            raise PlanError(
                "nobody on the list has got the text that is corrected",
                hint="They have left, or had a correction; whoever is still to get the "
                "issue gets the present text.",
            )
    return mailing


def in_need_of_words(
    mailing: CorrectionMailing, main: Mailing, account: Account
) -> Mapping[Language, int]:
    """Count who has an older text of another edition, which needs words of its own."""
    others = {e: "" for e in main.issue.editions if e not in mailing.issue.editions}
    if not others:
        return {}
    rest = CorrectionMailing(main, others, account.begun(main.campaign_id))
    return _concerned(rest, account)


def unmarked(mailing: CorrectionMailing, account: Account) -> Iterator[PurePath]:
    """Name the posts whose date of change is not after they were first sent."""
    begun = next(b for b in account.begun(mailing.main_id) if b.id == mailing.main_id)
    sent = account.printed(begun)
    for language, edition in mailing.issue.editions.items():
        if to_milliseconds(edition.updated) <= sent.get(language.tag, 0):
            yield edition.post.path


def _insist_on_end(account: Account, begun: Begun, holder: str, now: datetime) -> None:
    """Refuse to begin while somebody sends a text that may be the old one."""
    if account.forsaken_by(begun.id, now) is None:
        raise LockedError(
            f"{begun.id} is being sent by {holder}",
            holder=holder,
            hint="Correct it when that is done.",
        )


def _insist_on_change(mailing: CorrectionMailing, account: Account) -> None:
    """Refuse words about an edition that is as it was whenever it was sent."""
    begun, texts = account.begun(mailing.main_id), mailing.texts
    for language in mailing.issue.editions:
        sent = {text for each in begun for text in account.texts(each, language)}
        if not sent:
            raise PlanError(
                f"nobody noted which text of {language} was sent with issue "
                f"{mailing.issue.id}, if any was",
                hint="An earlier version did not. Who got the old one is not known.",
            )
        if sent == {texts[language.tag]}:
            raise PlanError(
                f"{language} is as it was when issue {mailing.issue.id} was sent",
                hint="Correct the post first; whoever has the right text needs no other.",
            )


def _concerned(mailing: CorrectionMailing, account: Account) -> Mapping[Language, int]:
    """Count who on the list has an older text, also those who pause, by edition."""
    return _count(mailing, account, mailing.among)


def _overlooked(mailing: CorrectionMailing, account: Account) -> int:
    """Count who has an older text, but came to it when the correction had begun."""
    begun = account.begun(mailing.main_id)
    if all(each.id != mailing.campaign_id for each in begun):
        return 0
    return _count(mailing, account, [overlooked(begun, mailing.texts)]).total()


def _count(
    mailing: CorrectionMailing, account: Account, among: Sequence[Among]
) -> Counter[Language]:
    """Count who is among some people and was never tried, by edition."""
    with Due(
        mailing.newsletter.settings.database,
        sink=account.sink,
        campaign=mailing.campaign_id,
        today=date.max,
        among=among,
    ) as due:
        owed = count_owed(due, mailing.choices, fresh=True, again=())
    return Counter(owed.by_language)


def _render(
    newsletter: Newsletter, issue: Issue, words: Mapping[Language, str]
) -> Mapping[Language, Email]:
    """Render the corrected editions; only now are the libraries for it loaded."""
    from distribute.render.email.correction import Corrector

    corrector = Corrector(newsletter.publication, newsletter.theme)
    return {
        language: corrector.render(
            edition,
            newsletter.content(edition),
            issue,
            text=newsletter.text(edition),
            words=words[language],
        )
        for language, edition in issue.editions.items()
        if language in words
    }
