"""``distribute preview`` writes a gallery that needs nothing but itself."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

from distribute.cli.newsletter.sample import copy_sample
from distribute.render.theme.files import templates_folder
from tests.cli.conftest import Run
from tests.commands import call

POST = "2026-11-06-whose-stars.md"
SMALL = "2026-10-09-the-village-that-switched-off.en.md"
"""The post of the smaller newsletter, beside a German one."""
GERMAN = "2026-10-09-das-dorf-das-abschaltete_de.md"
IN_ENGLISH = {"2026-06-12-first-light.md", "2026-08-07-shadow-and-sparks.md", POST}
"""The posts of three issues."""
LANGUAGES = ["en", "pt-BR", "fr", "zh", "tr", "ar"]


WORSE = """
Read [more] (https://example.org/b) of it.

</script><script>alert("one")</script> <!-- </pre><b onclick=two()>

![A lamp](https://cdn.example.net/lamp.jpg)
"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the gallery of an issue with a post that is worse than ours; once for all."""
    letter = tmp_path_factory.mktemp("gallery") / "letter"
    copy_sample(letter)
    add(letter, WORSE)
    preview(call, letter)
    return letter / "out" / "preview"


@pytest.fixture(scope="module")
def page(gallery: Path) -> str:
    """Read its page."""
    return (gallery / "index.html").read_text(encoding="utf-8")


def preview(run: Run, letter: Path, *words: str) -> str:
    """Make the gallery and give its page."""
    answer = run("-C", letter, "preview", *words)
    assert answer.status == 0, answer.err
    return (letter / "out" / "preview" / "index.html").read_text(encoding="utf-8")


def add(letter: Path, text: str, name: str = POST) -> None:
    """Write something at the end of a post."""
    with (letter / "posts" / name).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{text}\n")


def test_the_gallery_has_every_edition_and_every_view(page: str) -> None:
    """All languages of the newest issue, each with its inbox line, mail, text and so on."""
    views = (
        "inbox",
        "desktop",
        "phone",
        "text",
        "headers",
        "feed",
        "source",
        "changes",
    )
    for language in LANGUAGES:
        for view in views:
            assert f'id="{language.lower()}/{view}"' in page
    assert "List-Unsubscribe=One-Click" in page
    assert "of 102,400 octets" in page


def test_programs_get_sizes_and_counts(run: Run, small: Path) -> None:
    """As one document, which also says where the page is."""
    answer = run("-C", small, "preview", "--json")
    document = answer.document
    assert document["page"] == str(small / "out" / "preview" / "index.html")
    (issue,) = document["issues"]
    assert list(issue["editions"]) == ["en", "de"]
    english = issue["editions"]["en"]
    assert english["html"]["limit"] == 102_400
    assert 0 < english["html"]["octets"] < english["html"]["limit"]
    assert english["message"]["octets"] > english["html"]["octets"]
    assert english["words"] > 100
    assert set(english["findings"]) == {"errors", "warnings", "notes"}


def test_findings_do_not_change_the_exit_status(page: str) -> None:
    """They stand in the page, at the words they are about; an error too."""
    row = next(
        row for row in page.split('<div class="row ') if "Read [more<mark" in row
    )
    assert row.startswith(" found")
    assert "link-space" in row


def test_what_lies_beside_the_page_is_all_it_needs(gallery: Path, page: str) -> None:
    """Its pictures are copied; what it opens by itself is there."""
    data = json.loads(_data(page, "en"))
    shown = re.findall(r'<img[^>]* src="([^"]*)"', data["light"])
    assert any(source.startswith("pictures/images/orion.") for source in shown)
    for source in shown:
        assert source.startswith("data:") or (gallery / source).is_file()
    for source in re.findall(r'<iframe[^>]* src="([^"]*)"', page):
        assert (gallery / source).is_file()
    for target in re.findall(r'href="(frames/[^"]*)"', page):
        assert (gallery / target).is_file()


def test_an_inbox_goes_on_with_the_mail(page: str) -> None:
    """Behind the preheader it shows what the mail begins with, hidden or not."""
    start = page.index('id="en/inbox"')
    snippet = page[start:].partition('class="snippet"> - ')[2].partition("</span>")[0]
    preheader, _, rest = snippet.partition("Lights Out")
    assert preheader.startswith("A nine-year-old")
    assert "View in browser" in rest
    assert "{" not in snippet


def test_personal_values_are_those_of_the_sample_reader(page: str) -> None:
    """No token is left, in no form of the mail."""
    assert "ada@example.org" in json.loads(_data(page, "en"))["light"]
    assert not re.search(r"(address|unsubscribe|name)-[0-9a-f]{24}", page)


def test_the_page_lets_only_its_own_script_run(page: str) -> None:
    """The policy names the digest of the one script, letter for letter."""
    policy = unescape(page.partition('Content-Security-Policy" content="')[2])
    policy = policy.partition('">')[0]
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_hostile_posts_stay_in_their_place(page: str) -> None:
    """Nothing of a post ends the element that it stands in."""
    assert '<script>alert("one")' not in page
    assert "<b onclick" not in page
    assert len(re.findall("<script", page)) == len(LANGUAGES) + 1
    assert '<script>alert("one")' not in json.loads(_data(page, "en"))["light"]


def test_the_next_preview_says_what_is_new(run: Run, small: Path) -> None:
    """Words that came since; looking again does not make them old."""
    assert "first preview" in preview(run, small)
    add(small, "A brand-new sentence about owls.", SMALL)
    for _ in range(2):
        page = preview(run, small)
        english = page.partition('id="en/changes"')[2].partition("</section>")[0]
        assert "owls" in "".join(re.findall(r"<ins>(.*?)</ins>", english))
        german = page.partition('id="de/changes"')[2].partition("</section>")[0]
        assert "first preview" in german


def test_what_is_switched_off_is_still_told(run: Run, small: Path) -> None:
    """With the reason, apart from what counts."""
    add(small, "Read [here](http://example.org/c).", SMALL)
    post = small / "posts" / SMALL
    head = '---\ncheck: {off: {link-http: "the museum has no https yet"}}\n'
    post.write_text(head + post.read_text("utf-8").removeprefix("---\n"), "utf-8")
    page = preview(run, small)
    off = page.partition("1 switched off")[2].partition("</details>")[0]
    assert "link-http" in off
    assert "the museum has no https yet" in off
    assert page.count(">link-http<") == 1


def test_an_edition_that_cannot_be_shown_hides_no_other(run: Run, small: Path) -> None:
    """The page says why, and where to mend it; it is not new once it is mended."""
    preview(run, small)
    own = small / "templates" / "email" / "email.html"
    own.parent.mkdir(parents=True)
    shipped = (templates_folder() / "email" / "email.html").read_text("utf-8")
    broken = "{% if language.tag == 'de' %}{{ edition.nothing.at_all }}{% endif %}"
    own.write_text(shipped + broken, "utf-8")
    answer = run("-C", small, "preview", "--json")
    assert answer.status == 0
    (issue,) = answer.document["issues"]
    assert list(issue["editions"]) == ["en"]
    line = shipped.count("\n") + 1
    assert issue["missing"]["de"]["line"] == line
    page = (small / "out" / "preview" / "index.html").read_text("utf-8")
    card = page.partition('<li class="card missing">')[2].partition("</li>")[0]
    assert "Deutsch" in card
    assert f"templates/email/email.html:{line}" in card
    assert 'id="en/desktop"' in page
    assert 'id="de/desktop"' not in page
    own.unlink()
    add(small, "Etwas Neues.", GERMAN)
    german = preview(run, small).partition('id="de/changes"')[2]
    assert "Neues" in "".join(re.findall(r"<ins>(.*?)</ins>", german))


def test_if_no_edition_can_be_shown_it_is_an_error(run: Run, small: Path) -> None:
    """There would be nothing to look at."""
    own = small / "templates" / "email" / "email.html"
    own.parent.mkdir(parents=True)
    own.write_text("<!DOCTYPE html>\n{% if %}", "utf-8")
    answer = run("-C", small, "preview")
    assert answer.status == 2
    assert "email.html:2" in answer.err


def test_a_rehearsal_beside_it_stays(run: Run, small: Path) -> None:
    """`send --dry-run` writes messages below the same folder."""
    mail = small / "out" / "preview" / "mail"
    assert run("-C", small, "send", "latest", "--dry-run").status == 0
    before = sorted(mail.rglob("*.eml"))
    assert before
    preview(run, small)
    preview(run, small)
    assert sorted(mail.rglob("*.eml")) == before


def test_every_issue_has_a_page_of_its_own(run: Run, letter: Path) -> None:
    """With links from one to the other; the next preview of one removes the others."""
    for post in (letter / "posts").iterdir():
        if post.name not in IN_ENGLISH:
            post.unlink()
    page = preview(run, letter, "--all")
    folder = letter / "out" / "preview"
    pages = {path.name for path in folder.glob("*.html")}
    assert pages == {"index.html", "issue-1.html", "issue-2.html"}
    for name in pages:
        assert f'href="{name}"' in page
    preview(run, letter, "1")
    assert [path.name for path in folder.glob("*.html")] == ["index.html"]


def test_the_same_posts_make_the_same_gallery(run: Run, small: Path) -> None:
    """So a file is only written where something is new in it."""
    preview(run, small)
    preview(run, small)
    folder = small / "out" / "preview"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    preview(run, small)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")} == before


def test_a_newsletter_without_a_sender_can_be_looked_at(run: Run, small: Path) -> None:
    """There is no message then, and the page says why."""
    settings = small / "distribute.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?s)\[sender\].*?(?=\n\[)", "", text), "utf-8")
    page = preview(run, small)
    assert "There is no message" in page
    assert not list((small / "out" / "preview").rglob("*.eml"))


def test_an_issue_that_does_not_exist_is_an_error(run: Run, letter: Path) -> None:
    """Nothing is written."""
    answer = run("-C", letter, "preview", "99")
    assert answer.status == 2
    assert "there is no issue '99'" in answer.err
    assert not (letter / "out" / "preview").exists()


@pytest.mark.parametrize("variant", ["light", "dark", "off", "stripped", "remote"])
def test_a_variant_can_be_opened_alone(gallery: Path, variant: str) -> None:
    """It finds its pictures from where it lies, and fetches nothing of others."""
    frames = next((gallery / "frames").iterdir()) / "en"
    html = (frames / f"{variant}.html").read_text(encoding="utf-8")
    assert '<base href="../../../" target="_blank">' in html
    policy = html.partition('Content-Security-Policy" content="')[2].partition('">')[0]
    assert ("https:" in policy) == (variant == "remote")
    assert ('src="https://cdn.example.net' in html) == (variant == "remote")
    assert "script" not in policy


def _data(page: str, tag: str) -> str:
    start = f'<script type="application/json" id="data-{tag}">'
    return page.partition(start)[2].partition("</script>")[0]
