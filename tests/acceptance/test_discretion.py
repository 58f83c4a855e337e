"""Nobody learns who is on the list, and nobody is troubled in somebody else's name."""

from collections.abc import Callable
from itertools import chain, islice, permutations
from statistics import median
from time import perf_counter
from urllib.parse import quote

import pytest

from distribute.audience.reception.token import Purpose, Signer
from tests.acceptance.public_side import STEADY, PublicSide
from tests.acceptance.strangers import (
    EVERYBODY,
    FORGOTTEN,
    KEY,
    MEMBERS,
    NOBODY,
    PLACES,
    SUPPRESSED,
    Stranger,
    dump,
    wait_for_letters,
)
from tests.commands import call

Taken = dict[str, list[float]]
"""Seconds that each kind of stranger has waited."""
UNWANTED = tuple(f"unwanted{number}@example.net" for number in range(10))


@pytest.mark.parametrize("path", ["/subscribe", "/link"])
def test_an_answer_does_not_tell_who_is_on_the_list(
    stranger: Stranger, path: str
) -> None:
    """Whoever it is: the same status, headers, length and page."""
    answers = [stranger.join(who, path).without_date() for who in EVERYBODY]
    assert answers[0][0] == 200
    assert all(answer == answers[0] for answer in answers)
    assert all(who.encode() not in answers[0][2] for who in EVERYBODY)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_does_not_repeat_whom_it_is_for(
    stranger: Stranger, signer: Signer, place: str
) -> None:
    """Mails are forwarded; whoever gets one does not learn more from its links."""
    for who in (STEADY, "on@example.org"):
        page = stranger.ask(f"/{place}/{signer.sign(who, PLACES[place])}").body
        assert who.encode() not in page


def test_letters_tell_only_those_who_get_them(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """Who must not be written to has none; all others have one of their own."""
    for who in EVERYBODY:
        stranger.join(who)
    wait_for_letters(besieged)
    none = {who for who in EVERYBODY if not besieged.letters_now(who)}
    assert none == {"complained@example.org", SUPPRESSED}


@pytest.mark.slow  # alone, for a busy machine tells nothing of milliseconds
@pytest.mark.parametrize("path", ["/subscribe", "/link"])
def test_time_does_not_tell_who_is_on_the_list(
    besieged: PublicSide, stranger: Stranger, path: str
) -> None:
    """Many answers of each kind, taken by turns: their medians are hardly different."""
    kinds = ("on@example.org", "complained@example.org", FORGOTTEN, NOBODY)

    def measure() -> Taken:
        taken: Taken = {kind: [] for kind in kinds}
        for kind in chain.from_iterable(islice(permutations(kinds), 0, None, 2)):
            began = perf_counter()
            assert stranger.join(kind, path).status == 200
            taken[kind].append(perf_counter() - began)
            wait_for_letters(besieged)
        return taken

    _check_alike(measure)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/subscribe", "/link"])
def test_nor_does_the_time_of_what_comes_next(
    besieged: PublicSide, stranger: Stranger, path: str
) -> None:
    """A letter is written while the server goes on answering, as slowly for nobody."""
    members = iter(MEMBERS)  # others each time: nobody gets many letters
    call("-C", besieged.folder, "audience", "suppress", *UNWANTED)

    def measure() -> Taken:
        taken: Taken = {"member": [], "unwanted": []}
        for unwanted in UNWANTED:
            for kind, who in (("member", next(members)), ("unwanted", unwanted)):
                began = perf_counter()
                stranger.join(who, path)
                for _ in range(12):
                    stranger.ask("/healthz")
                taken[kind].append(perf_counter() - began)
                wait_for_letters(besieged)
        return taken

    _check_alike(measure)


def _check_alike(measure: Callable[[], Taken]) -> None:
    """Compare medians; measure anew if other work may have come between."""
    for attempt in range(3):
        medians = {kind: median(each) for kind, each in measure().items()}
        is_alike = max(medians.values()) < 1.4 * min(medians.values())
        assert is_alike or attempt < 2, medians
        if is_alike:
            return


_INJECTED = [
    "a@example.org\r\nBcc: victim@example.net",
    "a@example.org\nBcc: victim@example.net",
    "a@example.org%0d%0aBcc: victim@example.net",
    "a@example.org, victim@example.net",
    "a@example.org; victim@example.net",
    "<a@example.org> victim@example.net",
    "a@example.org\x00victim@example.net",
    "a@example.org\N{LINE SEPARATOR}Bcc: victim@example.net",
    '"a\r\nBcc: victim@example.net"@example.org',
    "a@[127.0.0.1]",
    "a@example.org> ORCPT=rfc822;victim@example.net",
]


@pytest.mark.parametrize("text", _INJECTED)
def test_nothing_gets_into_a_header(
    besieged: PublicSide, stranger: Stranger, text: str
) -> None:
    """Neither as an address nor as a name, nor by the headers of a request."""
    named = f"named{_INJECTED.index(text)}@example.org"
    assert stranger.join(text).status in {200, 422}
    stranger.join(named, name=text, X_Forwarded_Host="evil.example")
    stranger.ask(
        "/subscribe",
        {"email": named, "begun": stranger.begun, "name": "Ada"},
        Host="evil.example",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="gopher",
    )
    for letter in besieged.letters(named):
        assert (letter["To"], letter["Bcc"], letter["Cc"]) == (named, None, None)
        whole = letter.as_string()
        assert "victim" not in whole
        assert "evil" not in whole
    assert besieged.letters_now("victim@example.net") == []


def test_nobody_is_flooded_in_their_own_name(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """Twenty forms from as many networks, however spelt: three letters at most."""
    spellings = ("Victim@EXAMPLE.net", " victim@example.net ", "victim+{}@example.net")
    for number in range(20):
        spelling = spellings[number % 3].format(number)
        assert (
            stranger.join(spelling, ("/subscribe", "/link")[number % 2]).status == 200
        )
        if number % 5 == 0:
            wait_for_letters(besieged)
    wait_for_letters(besieged)
    assert 1 <= len(besieged.letters_now("ictim")) <= 3


def test_one_network_asks_so_often(stranger: Stranger) -> None:
    """Then it is told when to come again; others are answered as ever."""
    statuses = [
        stranger.ask(
            "/subscribe",
            {"email": f"many{n}@example.org", "begun": stranger.begun, "website": ""},
            X_Forwarded_For="198.51.100.7",
        )
        for n in range(35)
    ]
    refused = [each for each in statuses if each.status == 429]
    assert len(refused) == 5
    assert 0 < int(refused[0].headers["retry-after"]) <= 86_400
    near = stranger.ask(
        "/subscribe",
        {"email": "near@example.org", "begun": stranger.begun},
        X_Forwarded_For="203.0.113.1, 198.51.100.250",
    )
    assert near.status == 429  # what stands before one's own address is made up
    assert stranger.join("far@example.org").status == 200


@pytest.mark.parametrize(
    "address",
    ["x@gmail", "x@127.0.0.1", "x@[127.0.0.1]", "x@localhost", "x@ex ample.org"],
)
def test_no_letter_goes_where_no_mail_can(stranger: Stranger, address: str) -> None:
    """Most often it is a slip, and always a way to have us call at odd places."""
    for path in ("/subscribe", "/link"):
        assert stranger.join(address, path).status == 422


def test_programs_that_fill_in_everything_join_nobody(
    besieged: PublicSide, stranger: Stranger
) -> None:
    """They are answered as everybody is, and nothing comes of it."""
    usual = stranger.join("person@example.org").without_date()
    before = dump(besieged)
    caught = stranger.join("spam@example.org", website="https://spam.example")
    assert caught.without_date() == usual
    for begun in ("", "1.0", "0." + "0" * 24, stranger.begun + "0", "9" * 400):
        answer = stranger.ask("/subscribe", {"email": "x@example.org", "begun": begun})
        assert answer.status == 422
    assert dump(besieged) == before


def test_the_log_names_nobody(besieged: PublicSide, signer: Signer) -> None:
    """Whatever has been asked for up to now, no address and no token stands in it."""
    log = "".join(besieged.log)
    assert len(besieged.log) > 1
    for who in (*EVERYBODY, STEADY):
        assert who not in log
        assert quote(who) not in log
        for purpose in Purpose:
            assert signer.sign(who, purpose)[:30] not in log
    assert KEY not in log
