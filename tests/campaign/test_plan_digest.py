"""What a plan is known by: the names of its deliveries, their order, and its digest."""

from dataclasses import replace

from distribute.audience.subscriber import Status
from distribute.campaign.campaign import Outcome
from distribute.campaign.plan import campaign_id, delivery_id, plan_campaign
from distribute.language import Language
from distribute.mailbox import Mailbox
from tests.campaign.wishes import (
    ADA,
    BO,
    CY,
    ISSUE,
    PUBLICATION,
    issue_in,
    languages_of,
    plan_for,
    publication_with,
    somebody,
)


def test_deliveries_are_in_the_order_of_language_and_address() -> None:
    """The order is that of the language tags, then of the addresses without case."""
    people = [
        somebody("zh-Hans", name="ada"),
        somebody("en", name="Zoe"),
        somebody("pt-BR", name="bo"),
        somebody("en", name="bo2"),
        somebody("en", name="ada2"),
    ]
    plan = plan_for(*people)
    assert [
        (d.language.tag, d.subscriber.mailbox.address.partition("@")[0])
        for d in plan.deliveries
    ] == [
        ("en", "ada2"),
        ("en", "bo2"),
        ("en", "Zoe"),
        ("pt-BR", "bo"),
        ("zh-Hans", "ada"),
    ]


def test_an_id_is_the_same_on_every_run() -> None:
    """It depends on campaign, address without case, and language; frozen for ever.

    A different id for the same delivery would be a second copy to somebody.
    """
    (delivery,) = plan_for(somebody("zh-Hans", name="Ada")).deliveries
    assert campaign_id(ISSUE) == "issue-5"
    assert delivery.id == "93e13d814985bb521702c4c3"
    zh = Language("zh-Hans")
    assert delivery.id == delivery_id("issue-5", Mailbox("ADA@example.org"), zh)
    assert delivery.id != delivery_id("issue-6", ADA.mailbox, zh)
    assert delivery.id != delivery_id("issue-5", ADA.mailbox, Language("en"))
    assert delivery.id != delivery_id("issue-5", BO.mailbox, zh)


def test_the_digest_changes_with_who_gets_what() -> None:
    """Somebody more, somebody gone, or somebody's other language is another plan."""
    digests = {
        plan.digest
        for plan in (
            plan_for(ADA, BO),
            plan_for(ADA),
            plan_for(ADA, BO, CY),
            plan_for(ADA, replace(BO, languages=languages_of("pt-BR"))),
            plan_campaign(
                issue_in("en fr"), [ADA], publication=publication_with(default="fr")
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
        texts = {en: english, zh: chinese}
        return plan_campaign(
            ISSUE, [ADA], publication=PUBLICATION, contents=texts
        ).digest

    assert digest("teh", "x") != digest("the", "x")
    assert digest("the", "x") == digest("the", "y")


def test_the_digest_stays_while_a_run_goes_on() -> None:
    """An interrupted sending continues under the digest that was approved."""
    approved = plan_for(ADA, BO, CY)
    halfway = plan_campaign(
        ISSUE,
        [ADA, replace(BO, status=Status.BOUNCED), CY],
        publication=PUBLICATION,
        delivered={
            ADA.mailbox.key: Outcome.ACCEPTED,
            BO.mailbox.key: Outcome.REJECTED,
            CY.mailbox.key: Outcome.DEFERRED,
        },
    )
    assert [d.subscriber for d in halfway.deliveries] == [CY]
    assert halfway.digest == approved.digest


def test_a_digest_is_frozen() -> None:
    """What somebody has approved holds with every version."""
    assert plan_for(ADA, BO).digest == "d6894df7b085d19b45ee6c2d"
