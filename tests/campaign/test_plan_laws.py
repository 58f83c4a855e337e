"""What holds for every plan, whoever is on the list and whatever they wish for."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from distribute.audience.subscriber import Status, Subscriber
from distribute.campaign.campaign import Outcome, Plan
from distribute.campaign.plan import plan_campaign
from distribute.editions.edition import Issue
from tests.campaign.wishes import (
    PUBLICATION,
    examples,
    issues,
    ledgers,
    people,
    suppressions,
)


@given(issues, people, ledgers, suppressions)
@examples
def test_everybody_is_served_or_passed_over_exactly_once(
    issue: Issue,
    subscribers: Sequence[Subscriber],
    ledger: dict[str, Outcome],
    suppressed: set[str],
) -> None:
    """Nobody is forgotten, nobody is served twice, and every edition exists."""
    plan = plan_campaign(
        issue,
        subscribers,
        publication=PUBLICATION,
        suppressed=suppressed,
        delivered=ledger,
    )
    served = [delivery.subscriber for delivery in plan.deliveries]
    passed_over = [skip.subscriber for skip in plan.skipped]
    assert sorted(map(repr, served + passed_over)) == sorted(map(repr, subscribers))
    keys = [subscriber.mailbox.key for subscriber in served]
    assert len(keys) == len(set(keys))
    assert not suppressed & set(keys)
    assert all(subscriber.status is Status.CONFIRMED for subscriber in served)
    assert all(ledger.get(key, Outcome.DEFERRED) is Outcome.DEFERRED for key in keys)
    assert all(delivery.language in issue.editions for delivery in plan.deliveries)
    assert all(delivery.reason for delivery in plan.deliveries)
    assert all(skip.reason for skip in plan.skipped)


@given(issues, people, ledgers, st.data())
@examples
def test_the_order_of_the_input_does_not_matter(
    issue: Issue,
    subscribers: list[Subscriber],
    ledger: dict[str, Outcome],
    data: st.DataObject,
) -> None:
    """The same people in any order give the same plan, digest and all."""

    def plan(people: Sequence[Subscriber]) -> Plan:
        return plan_campaign(issue, people, publication=PUBLICATION, delivered=ledger)

    shuffled = data.draw(st.permutations(subscribers))
    assert plan(shuffled) == plan(subscribers)


@given(issues, people)
@examples
def test_an_exact_edition_of_the_first_wish_is_always_taken(
    issue: Issue, subscribers: Sequence[Subscriber]
) -> None:
    """Whoever's first language the issue has gets that one, and nothing near it."""
    for delivery in plan_campaign(
        issue, subscribers, publication=PUBLICATION
    ).deliveries:
        wishes = delivery.subscriber.languages
        if wishes and wishes[0] in issue.editions:
            assert delivery.language == wishes[0]
