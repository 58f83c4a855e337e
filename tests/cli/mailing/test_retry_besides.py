"""``retry`` for what went out besides an issue: a correction, by SMTP."""

from tests.cli.conftest import ISSUE, NOW, act
from tests.faults.fault import Fault, Manners
from tests.faults.server import FaultServer
from tests.scenarios.office import Office

REFUSED = "550 5.7.1 not today"
WORDS = ("--correction", "It was ten.")


def _mend(office: Office, words: str) -> None:
    (post,) = (office.folder / "posts").glob("*.en.md")
    post.write_text(f"{post.read_text('utf-8')}\n{words}\n", "utf-8")


def _later(days: int) -> str:
    return str(int(NOW) + 86_400 * days)


def test_who_was_refused_a_correction_gets_it_by_retry(
    office: Office, server: FaultServer
) -> None:
    """With the words of then; and not any more once the text has changed again."""
    send = ("send", ISSUE, "--sink", "smtp", "--yes")
    assert act(office, *send).status == 0
    _mend(office, "One more line.")
    server.behave(Manners(faults=(Fault(stage="end", reply=REFUSED, share=0.3),)))
    answer = act(office, "--json", *send, *WORDS, now=_later(1))
    refused = answer.document["outcomes"]["rejected"]
    assert (answer.status, refused > 0) == (1, True)
    listed = act(office, "--json", "status", ISSUE, "--failed").document["deliveries"]
    assert {d["campaign"] for d in listed} == {answer.document["campaign"]}
    server.behave(Manners())
    retry = ("retry", ISSUE, "--failed", "--yes")
    again = act(office, "--json", *retry, now=_later(2)).document
    assert again["campaign"] == answer.document["campaign"]
    assert again["outcomes"]["accepted"] + again["outcomes"]["rejected"] == refused


def test_a_correction_that_is_out_of_date_is_not_tried_again(
    office: Office, server: FaultServer
) -> None:
    """Another one reaches whoever has not got it."""
    send = ("send", ISSUE, "--sink", "smtp", "--yes")
    act(office, *send)
    _mend(office, "One more line.")
    server.behave(Manners(faults=(Fault(stage="end", reply=REFUSED, share=0.3),)))
    act(office, *send, *WORDS, now=_later(1))
    server.behave(Manners())
    _mend(office, "And another one.")
    answer = act(office, "retry", ISSUE, "--failed", "--yes", now=_later(2))
    assert "its text has changed since. A new correction reaches them." in answer.err
    assert "its text has changed since: nothing goes on with it" in (
        act(office, "status", ISSUE, now=_later(2)).out
    )
    new = act(office, "--json", *send, *WORDS, now=_later(3)).document
    english = act(office, "--json", "status", ISSUE).document["issues"][0]["sending"]
    assert new["planned"] == english["smtp"]["en"]["accepted"]
