"""What holds for every plan, whoever is on the list and whatever they wish for."""

from collections.abc import Sequence

from hypothesis import given

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Outcome
from distribute.editions.edition import Issue
from tests.campaign.wishes import examples, issues, ledgers, people, plan


@given(issues, people, ledgers)
@examples
def test_everybody_is_served_or_passed_over_exactly_once(
    issue: Issue, subscribers: Sequence[Subscriber], ledger: dict[str, Outcome]
) -> None:
    """Nobody is forgotten, nobody is served twice, and every edition exists."""
    planned = plan(subscribers, issue=issue, delivered=ledger)
    known = {subscriber.mailbox.key: subscriber for subscriber in subscribers}
    passed_over = [fate.key for fate in planned.skipped]
    assert sorted(planned.served + passed_over) == sorted(known)
    assert all(known[key].status is Status.CONFIRMED for key in planned.served)
    settled = {key for key, outcome in ledger.items() if outcome != Outcome.DEFERRED}
    assert not settled.intersection(planned.served)
    assert all(fate.language in issue.editions for fate in planned.deliveries)
    assert all(fate.reason for fate in (*planned.deliveries, *planned.skipped))


@given(issues, people, ledgers)
@examples
def test_the_numbers_are_those_of_the_people(
    issue: Issue, subscribers: Sequence[Subscriber], ledger: dict[str, Outcome]
) -> None:
    """Whether they are counted or named, it comes to the same."""
    planned = plan(subscribers, issue=issue, delivered=ledger)
    counts = planned.counts
    assert counts.planned == len(planned.deliveries) == sum(counts.by_language.values())
    for language, reasons in counts.reasons.items():
        for reason, count in reasons.items():
            same = [f for f in planned.deliveries if f[2:] == (language, reason)]
            assert len(same) == count
    for reason, count in counts.skipped.items():
        assert planned.reasons.count(reason) == count
    assert sum(counts.skipped.values()) == len(planned.skipped)


@given(issues, people)
@examples
def test_an_exact_edition_of_the_first_wish_is_always_taken(
    issue: Issue, subscribers: Sequence[Subscriber]
) -> None:
    """Whoever's first language the issue has gets that one, and nothing near it."""
    wishes = {each.mailbox.key: each.languages for each in subscribers}
    for fate in plan(subscribers, issue=issue).deliveries:
        first = wishes[fate.key][:1]
        if first and first[0] in issue.editions:
            assert fate.language == first[0]
