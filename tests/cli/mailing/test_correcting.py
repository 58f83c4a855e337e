"""``send --correction``: the present text for those who got another one."""

import email
import json
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.cli.conftest import ISSUE, NOW, Run
from tests.databases import reach_into

DAY = 86_400
WORDS = "The village is in Hesse, not in Saxony. <b>Sorry</b> & thank you."


@pytest.fixture
def mended(sent: Path) -> Path:
    """Mend the English edition after that."""
    _mend(sent, ".en.md")
    return sent


def _mend(folder: Path, suffix: str, words: str = "One more line.") -> None:
    (post,) = (folder / "posts").glob(f"*{suffix}")
    post.write_text(f"{post.read_text('utf-8')}\n{words}\n", "utf-8")


def _later(days: int = 1) -> str:
    return str(int(NOW) + days * DAY)


def _mails(folder: Path, language: str) -> dict[str, EmailMessage]:
    """Read the mails of a language by recipient; the corrections alone."""
    mails = {}
    for path in (folder / "out" / "mail").glob(f"issue-*/{language}/*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        envelope = json.loads(path.with_suffix(".json").read_text("utf-8"))
        if str(message["Subject"]).startswith(("Correction:", "Korrektur:")):
            mails[envelope["rcpt_to"]] = message
    return mails


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_correction_says_what_was_wrong(mended: Path, run: Run) -> None:
    """In the subject, in the inbox's preview, and above the text in both parts."""
    answer = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    assert answer.status == 0, answer.err
    mails = _mails(mended, "en")
    assert len(mails) > 2
    message = next(iter(mails.values()))
    text, html = _body(message, "plain"), _body(message, "html")
    assert "*** Correction ***\n\nThe village is in Hesse" in text
    assert text.index("Correction ***") < text.index("One more line.")
    assert "&lt;b&gt;Sorry&lt;/b&gt; &amp; thank you." in html
    assert html.index("not in Saxony. &lt;b&gt;") < html.index("One more line.")
    assert html.index('class="preheader"') < html.index("not in Saxony")
    assert _mails(mended, "de") == {}


def test_only_who_got_the_old_text_gets_it_and_once(mended: Path, run: Run) -> None:
    """Who left since does not, nor who joined; run again it does nothing."""
    run("-C", mended, "audience", "remove", "mabel.hartley@example.org")
    run("-C", mended, "audience", "add", "new@example.org", "--languages", "en")
    run("-C", mended, "send", ISSUE, now=_later())
    first = run(
        *("-C", mended, "send", ISSUE, "--correction", WORDS, "--limit", "1"),
        now=_later(2),
    )
    assert first.status == 0
    assert len(_mails(mended, "en")) == 1
    second = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later(3))
    assert second.status == 0
    mails = _mails(mended, "en")
    assert not mails.keys() & {"mabel.hartley@example.org", "new@example.org"}
    again = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later(4))
    assert (again.status, len(_mails(mended, "en"))) == (0, len(mails))
    assert "accepted before" in again.out


def test_each_edition_needs_words_of_its_own(mended: Path, run: Run) -> None:
    """Words reach one edition; the others are named, and how many read them."""
    _mend(mended, "_de.md", "Noch eine Zeile.")
    answer = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    assert "got an older text of de as well" in answer.err
    assert "--correction de=WORDS" in answer.err
    assert _mails(mended, "de") == {}
    both = ("--correction", f"en={WORDS}", "--correction", "de=Es war Hessen.")
    answer = run("-C", mended, "send", ISSUE, *both, now=_later(2))
    assert (answer.status, "as well" in answer.err) == (0, False)
    (message,) = {str(m["Subject"]): m for m in _mails(mended, "de").values()}.values()
    assert "*** Korrektur ***\n\nEs war Hessen." in _body(message, "plain")


def test_a_second_correction_reaches_all_who_have_an_older_text(
    mended: Path, run: Run
) -> None:
    """Those of the first correction too; new words alone reach nobody."""
    run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    count = len(_mails(mended, "en"))
    other = run("-C", mended, "send", ISSUE, "--correction", "Oh.", now=_later(2))
    assert other.status == 2
    assert "nobody on the list has got the text that is corrected" in other.err
    _mend(mended, ".en.md", "And another one.")
    answer = run(
        *("-C", mended, "send", ISSUE, "--correction", "Oh.", "--json"), now=_later(3)
    )
    assert answer.document["outcomes"]["accepted"] == count


def test_who_came_to_the_old_text_later_is_told_of(mended: Path, run: Run) -> None:
    """The same words go on with those of then; other words reach them too."""
    (post,) = (mended / "posts").glob("*.en.md")
    right = post.read_text("utf-8")
    run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    post.write_text(right.replace("One more line.", ""), "utf-8")
    run("-C", mended, "audience", "add", "new@example.org", "--languages", "en")
    run("-C", mended, "send", ISSUE, now=_later(2))
    post.write_text(right, "utf-8")
    again = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later(3))
    assert "1 person more got an older text, whom this correction" in again.err
    other = ("send", ISSUE, "--correction", "Oh.", "--json")
    answer = run("-C", mended, *other, now=_later(4))
    assert answer.document["outcomes"]["accepted"] == 1
    assert "new@example.org" in _mails(mended, "en")


def test_what_an_earlier_version_sent_is_not_known(mended: Path, run: Run) -> None:
    """It noted no texts; so it is not claimed that the text is as it was."""
    with reach_into(mended / "distribute.db") as database:
        database.execute("DELETE FROM printing")
    answer = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    assert (answer.status, "nobody noted which text of en was sent" in answer.err) == (
        2,
        True,
    )


def test_there_is_something_to_correct_or_nothing_is_sent(sent: Path, run: Run) -> None:
    """Else it is refused, with the reason."""
    reasons = {
        WORDS: "en is as it was when issue 4 was sent",
        f"de={WORDS}": "de is as it was when issue 4 was sent",
        "fr=Pardon.": "issue 4 has no edition in fr",
        "  ": "the correction for en has no words",
        "x" * 2001: "the correction for en has 2001 characters",
        "a\x07b": "the correction for en has characters that cannot be printed",
    }
    for words, reason in reasons.items():
        answer = run("-C", sent, "send", ISSUE, "--correction", words, now=_later())
        assert (answer.status, reason in answer.err) == (2, True), answer.err


def test_what_was_never_sent_cannot_be_corrected(small: Path, run: Run) -> None:
    """Nor what was sent by the other sink."""
    answer = run("-C", small, "send", ISSUE, "--correction", WORDS)
    assert answer.status == 2
    assert "issue 4 has not been sent by file" in answer.err


def test_a_correction_goes_out_by_itself_and_now(mended: Path, run: Run) -> None:
    """Not with what is late, nor at some time, nor with whatever is due."""
    correction = ("--correction", WORDS)
    for words in (
        (ISSUE, "--late", "fallback"),
        (ISSUE, "--at", "2026-12-01 09:00"),
        ("new",),
    ):
        answer = run("-C", mended, "send", *words, *correction)
        assert (answer.status, "does not go with" in answer.err) == (2, True)


def test_two_corrections_of_one_edition_are_one_too_many(
    mended: Path, run: Run
) -> None:
    """All of it is to be said in one."""
    options = ("--correction", WORDS, "--correction", "en=Oh.")
    answer = run("-C", mended, "send", ISSUE, *options)
    assert "there are two corrections for en" in answer.err


def test_a_rehearsal_shows_the_correction(mended: Path, run: Run) -> None:
    """The plan, one message per language, and a test to oneself; nothing is recorded."""
    options = (ISSUE, "--correction", WORDS)
    shown = run("-C", mended, "send", *options, "--dry-run", "--json").document
    assert shown["campaign"].startswith(f"issue-{ISSUE}.correction-")
    (preview,) = shown["previews"]
    assert b"Subject: Correction: " in Path(preview).read_bytes()
    test = run("-C", mended, "send", *options, "--only", "me@example.org")
    assert (test.status, "A test in" in test.out) == (0, True)
    approved = run(
        *("-C", mended, "send", *options, "--plan", shown["digest"]), now=_later()
    )
    assert approved.status == 0


def test_the_feeds_say_when_a_text_was_corrected(mended: Path, run: Run) -> None:
    """By `modified:`, whose absence is told."""
    told = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    assert "has no `modified:` later than its sending" in told.err
    (post,) = (mended / "posts").glob("*.en.md")
    text = post.read_text("utf-8")
    dated = text.replace("---\n", "---\nmodified: 2026-11-08\n", 1)
    post.write_text(f"{dated}\nMore.\n", "utf-8")
    told = run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later(3))
    assert (told.status, told.err) == (0, "")


def test_a_feed_is_updated_in_place(sent: Path, run: Run) -> None:
    """The same id, a later date, the new text."""

    def entry() -> dict[str, str]:
        run("-C", sent, "build")
        (feed,) = (sent / "out" / "site" / "en").glob("feed.json")
        (item,) = json.loads(feed.read_text("utf-8"))["items"]
        return dict(item)

    before = entry()
    (post,) = (sent / "posts").glob("*.en.md")
    text = post.read_text("utf-8").replace("---\n", "---\nmodified: 2026-11-08\n", 1)
    post.write_text(f"{text}\nOne more line.\n", "utf-8")
    after = entry()
    assert after["id"] == before["id"]
    assert after["date_published"] == before["date_published"]
    assert after["date_modified"] > before["date_modified"]
    assert "One more line." in after["content_html"]


def test_status_and_explain_tell_of_corrections(mended: Path, run: Run) -> None:
    """Who got which text, and what was said."""
    run("-C", mended, "send", ISSUE, "--correction", WORDS, now=_later())
    shown = run("-C", mended, "status", ISSUE, now=_later(2)).out
    assert "file     correction " in shown
    assert f"in en: {WORDS}" in shown
    told = run("-C", mended, "explain", "mabel.hartley@example.org", ISSUE).out
    assert told.index("which has changed since") < told.index("as it is now")
    assert "had it before it was corrected" in told
    document = run(
        "-C", mended, "explain", "mabel.hartley@example.org", ISSUE, "--json"
    ).document
    assert [d["text_is_present"] for d in document["deliveries"]] == [False, True]
