"""Finding the organisation of a domain by walking up the DNS (RFC 9989 section 4.10)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.checks.domain.walk import walk_up
from tests.zone import Records, Zone


def _zone(**policies: str) -> Records:
    """Write records at ``_dmarc.`` of names that have ``_`` for dots."""
    return {
        (f"_dmarc.{name.replace('_', '.')}", "TXT"): [f"v=DMARC1; p=none; {tags}"]
        for name, tags in policies.items()
    }


def test_the_highest_record_is_the_organisation() -> None:
    """A mail from far below belongs to whoever stands highest."""
    walk = walk_up(Zone(_zone(example_org="", b_example_org="")), "a.b.example.org")
    assert walk.organisation == "example.org"
    assert walk.governing
    assert walk.governing.domain == "example.org"


def test_a_record_of_its_own_governs_a_domain() -> None:
    """Even where its organisation has another."""
    walk = walk_up(
        Zone(_zone(example_org="", a_example_org="sp=reject")), "a.example.org"
    )
    assert walk.governing
    assert walk.governing.domain == "a.example.org"


def test_without_any_record_a_domain_is_its_own_organisation() -> None:
    """And nothing governs it."""
    walk = walk_up(Zone({}), "news.example.org")
    assert (walk.organisation, walk.governing) == ("news.example.org", None)


def test_psd_n_makes_an_organisation_below_another() -> None:
    """A department may stand for itself; nobody asks above it."""
    zone = Zone(_zone(dept_example_org="psd=n", example_org=""))
    assert walk_up(zone, "a.dept.example.org").organisation == "dept.example.org"
    assert ("_dmarc.example.org", "TXT") not in zone.asked


def test_psd_y_makes_organisations_right_below_it() -> None:
    """A registry that takes part says where its customers begin."""
    zone = Zone(_zone(co_example="psd=y"))
    walk = walk_up(zone, "mail.bank.co.example")
    assert walk.organisation == "bank.co.example"
    assert walk.governing
    assert walk.governing.domain == "co.example"


def test_long_names_are_cut_down_to_seven_labels() -> None:
    """So nobody can make receivers ask a hundred times."""
    zone = Zone({})
    walk_up(zone, "a.b.c.d.e.f.g.h.i.example.org")
    asked = [name for name, _ in zone.asked]
    assert len(asked) == 8
    assert asked[:2] == [
        "_dmarc.a.b.c.d.e.f.g.h.i.example.org",
        "_dmarc.e.f.g.h.i.example.org",
    ]


def test_two_records_at_one_name_count_as_none() -> None:
    """And the step says so."""
    records = {
        ("_dmarc.example.org", "TXT"): ["v=DMARC1; p=none", "v=DMARC1; p=reject"]
    }
    walk = walk_up(Zone(records), "example.org")
    assert walk.governing is None
    assert walk.problem
    assert "2 DMARC records" in walk.problem.problem


def test_a_dns_that_does_not_answer_is_a_problem_of_that_step() -> None:
    """Nobody can say what would have stood there."""
    walk = walk_up(Zone({}, late=frozenset({"_dmarc.example.org"})), "example.org")
    assert walk.problem
    assert walk.problem.is_unknown


@given(st.lists(st.from_regex(r"[a-z]{1,3}", fullmatch=True), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_asks_eight_times_at_most_and_ends_at_the_top(labels: list[str]) -> None:
    """However long the name is."""
    zone = Zone({})
    walk = walk_up(zone, ".".join(labels))
    assert len(zone.asked) <= 8
    assert walk.steps[-1].domain == labels[-1]
