"""What a plan is known by: the names of its deliveries, their order, and its digest."""

import hashlib
import hmac
import pickle
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome
from distribute.campaign.message.delivery_ids import DeliveryIds
from distribute.campaign.plan.plan import campaign_id
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.wishes import (
    ADA,
    BO,
    CY,
    IDS,
    ISSUE,
    issue_in,
    languages_of,
    plan,
    plan_for,
    publication_with,
)


def test_an_id_is_the_same_on_every_run() -> None:
    """It depends on campaign, address without case, and language; frozen for ever.

    A different id for the same delivery would be a second copy to somebody.
    """
    assert campaign_id(ISSUE) == "issue-5"
    key = Mailbox("ADA@example.org").key
    ours = IDS.of("issue-5", key, "zh-Hans")
    assert ours == "8a91e6e212a36f9df35f24c1"
    others = [
        ("issue-6", key, "zh-Hans"),
        ("issue-5", key, "en"),
        ("issue-5", "b", "zh-Hans"),
    ]
    assert ours not in {IDS.of(*other) for other in others}


def test_an_id_cannot_be_worked_out_without_the_key() -> None:
    """Whoever knows the address knows no id; and the key shows nowhere."""
    ours, theirs = IDS, DeliveryIds(bytes(32))
    assert ours.of("issue-5", "a@b.example", "en") != theirs.of(
        "issue-5", "a@b.example", "en"
    )
    assert repr(ours) == "DeliveryIds()"
    assert pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301 - our own


@given(st.text(max_size=40), st.sampled_from(["en", "zh-Hans", "pt-BR"]))
@settings(max_examples=50, deadline=None)
def test_an_id_is_what_the_construction_says(key: str, tag: str) -> None:
    """A SHA-256 that begins with what HMAC makes of the campaign."""
    key = key.encode("utf-8", "ignore").decode()
    seed = hmac.digest(IDS.key, b"issue-5", "sha256")
    whole = hashlib.sha256(seed + f"{key}\0{tag}".encode()).hexdigest()
    assert IDS.of("issue-5", key, tag) == IDS.within("issue-5")(key, tag) == whole[:24]


def test_the_digest_changes_with_who_gets_what() -> None:
    """Somebody more, somebody gone, or somebody's other language is another plan."""
    digests = {
        planned.digest
        for planned in (
            plan_for(ADA, BO),
            plan_for(ADA),
            plan_for(ADA, BO, CY),
            plan_for(ADA, replace(BO, languages=languages_of("pt-BR"))),
            plan(
                [ADA],
                issue=issue_in("en fr"),
                publication=publication_with(default="fr"),
            ),
        )
    }
    assert len(digests) == 5
    assert {len(digest) for digest in digests} == {24}


def test_the_digest_ignores_who_gets_nothing() -> None:
    """An address that is not written to does not make a plan another one."""
    pending = replace(CY, status=Status.PENDING)
    assert plan_for(ADA, pending).digest == plan_for(ADA).digest


def test_the_digest_changes_with_what_the_editions_say() -> None:
    """A corrected typo is another plan, unless nobody gets that edition."""
    en, zh = Language("en"), Language("zh-Hans")

    def digest(english: str, chinese: str) -> str:
        return plan([ADA], contents={en: english, zh: chinese}).digest

    assert digest("teh", "x") != digest("the", "x")
    assert digest("the", "x") == digest("the", "y")


def test_the_digest_stays_while_a_run_goes_on() -> None:
    """An interrupted sending continues under the digest that was approved."""
    approved = plan_for(ADA, BO, CY)
    halfway = plan(
        [ADA, replace(BO, status=Status.BOUNCED), CY],
        delivered={
            ADA.mailbox.key: Outcome.ACCEPTED,
            BO.mailbox.key: Outcome.REJECTED,
            CY.mailbox.key: Outcome.DEFERRED,
        },
    )
    assert halfway.served == [CY.mailbox.key]
    assert halfway.digest == approved.digest


def test_a_digest_is_frozen() -> None:
    """What somebody has approved holds with every version."""
    assert plan_for(ADA, BO).digest == "d6894df7b085d19b45ee6c2d"
