"""Everything that leaves the house for all real issues: mails, pages and feeds."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote

import feedparser  # type: ignore[import-untyped]  # ships no types
import pytest

from distribute.cli.build import build
from distribute.cli.invocation import Invocation
from distribute.cli.mailing.mailing import Mailing, open_store
from distribute.cli.mailing.outlook import outlook
from distribute.cli.newsletter.newsletter import Newsletter
from distribute.cli.sending.rehearsal import write_previews
from distribute.editions.edition import Edition
from tests.commands import call
from tests.judges import complaints_of_w3c
from tests.mailroom import free_port, parse

NEVER = ("\ufffd", "\uf8ff", "\\", "{%", "{{", "<script", "<iframe", "#harmful-link")
"""What must reach no reader: broken characters, source text, what runs or frames."""
LARGEST = 102_400
"""Octets of HTML that large providers show without cutting it off."""
OURS = "https://dair.ai/"
_FOR_OUTLOOK = re.compile(r"<!--\[if [^\]]*\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&()*+,;=%-]+")
_ATTRIBUTE = re.compile(r'\s(?:href|src|background|poster|srcset)="([^"]*)"')


@dataclass(frozen=True)
class Mail:
    """One message, and the edition it says."""

    name: str
    edition: Edition
    raw: bytes
    parsed: EmailMessage
    html: str
    text: str

    @property
    def way_out(self) -> str:
        """The personal URL of unsubscribing."""
        return str(self.parsed["List-Unsubscribe"]).partition(">")[0].removeprefix("<")


@dataclass(frozen=True)
class Outgoing:
    """All issues as mail, one message an edition; and the site."""

    newsletter: Newsletter
    mails: Sequence[Mail]
    site: Path
    newsboat: subprocess.Popen[bytes] | None
    """A feed reader that loads the feeds while the other tests run, if there is one."""
    verdict: Path
    """What it says."""

    @property
    def pages(self) -> set[str]:
        """Give the address of every page."""
        names = (name.removesuffix("index.html") for name, _ in self.files(".html"))
        return {OURS + quote(name, safe="/,") for name in names}

    def files(self, *suffixes: str) -> Iterator[tuple[str, str]]:
        """Give the site's files by their path."""
        for path in sorted(self.site.rglob("*")):
            if path.name.endswith(suffixes):
                yield path.relative_to(self.site).as_posix(), path.read_text("utf-8")


@pytest.fixture(scope="module")
def outgoing(
    settings: str, corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outgoing]:
    """Write every issue in every language, and build the site."""
    folder = tmp_path_factory.mktemp("newsletter")
    (folder / "distribute.toml").write_text(settings, encoding="utf-8")
    newsletter = Newsletter(folder)
    invocation = Invocation(
        folder, as_json=True, now=datetime(2026, 11, 20, 9, tzinfo=UTC)
    )
    tags = [language.tag for language in newsletter.publication.languages]
    readers = "".join(f"{tag}@example.org,{tag}!\n" for tag in tags)
    (folder / "people.csv").write_text(f"email,languages\n{readers}", encoding="utf-8")
    call("-C", folder, "audience", "import", folder / "people.csv")
    build(newsletter, invocation)
    site, verdict = folder / "out" / "site", folder / "newsboat.txt"
    newsboat = start_newsboat(site, corpus.parent / "judges" / "newsboat.sh", verdict)
    mails = list(mails_of(newsletter, invocation))
    yield Outgoing(newsletter, mails, site, newsboat, verdict)
    if newsboat:
        newsboat.wait(120)


def start_newsboat(
    site: Path, judge: Path, verdict: Path
) -> subprocess.Popen[bytes] | None:
    """Let newsboat load all feeds; it takes its time over it."""
    if shutil.which("newsboat") is None or not judge.is_file():
        return None
    with verdict.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 - the judge beside this checkout
            ["/bin/bash", judge, site, str(free_port())], stdout=out, stderr=out
        )


def mails_of(newsletter: Newsletter, invocation: Invocation) -> Iterator[Mail]:
    """Write one message an edition, as a dry run does."""
    with open_store(newsletter.settings) as store:
        for issue in newsletter.issues:
            mailing = Mailing(newsletter, issue, store)
            editions = {each.language.folder: each for each in issue.editions.values()}
            with outlook(mailing, "file", invocation.now) as seen:
                paths = write_previews(invocation, seen)
            assert sorted(path.parent.name for path in paths) == sorted(editions)
            for path in paths:
                name = f"{issue.id}/{path.parent.name}"
                yield mail_of(name, editions[path.parent.name], path.read_bytes())


def mail_of(name: str, edition: Edition, raw: bytes) -> Mail:
    """Read a message as Python does it."""
    parsed = parse(raw)
    found = (parsed.get_body((kind,)) for kind in ("html", "plain"))
    bodies = [body.get_content().replace("\r\n", "\n") for body in found if body]
    return Mail(name, edition, raw, parsed, *bodies)


def without_comments_for_outlook(text: str) -> str:
    """Take out the conditional comments of our template."""
    return _FOR_OUTLOOK.sub("", text)


def test_every_edition_is_a_message(outgoing: Outgoing) -> None:
    """No post of an issue is too odd to be sent; the subject is its title, exactly."""
    assert len(outgoing.mails) == len(outgoing.newsletter.editions) > 40
    for mail in outgoing.mails:
        assert str(mail.parsed["Subject"]) == mail.edition.title, mail.name
        assert not any(part.defects for part in mail.parsed.walk()), mail.name
        assert not any(value.defects for value in mail.parsed.values()), mail.name


def test_nothing_of_the_source_reaches_a_mail(outgoing: Outgoing) -> None:
    """No broken character, backslash, Liquid, comment, script or frame in any part."""
    for mail in outgoing.mails:
        for part in (mail.html, html.unescape(mail.html), mail.text):
            assert not [bad for bad in NEVER if bad in part], mail.name
        assert not [bad for bad in NEVER if bad in str(mail.parsed["Subject"])]
        assert "<!--" not in without_comments_for_outlook(mail.html), mail.name
        assert "<!--" not in mail.text, mail.name


def test_nothing_of_the_source_reaches_the_site(outgoing: Outgoing) -> None:
    """Nor any page, feed, title or excerpt."""
    for name, text in outgoing.files(".html", ".xml", ".opml"):
        seen = html.unescape(html.unescape(text))
        assert not [bad for bad in NEVER if bad in seen], name
        assert "<!--" not in without_comments_for_outlook(seen), name
    for name, text in outgoing.files(".json"):
        for value in strings_in(json.loads(text)):
            assert not [bad for bad in NEVER if bad in value], name
            assert "<!--" not in value, name


def strings_in(value: object) -> Iterator[str]:
    """Find every string in a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings_in(each)


def test_no_mail_is_cut_off_or_broken_up(outgoing: Outgoing) -> None:
    """HTML of at most 100 KiB that declares itself; ASCII lines of at most 998."""
    for mail in outgoing.mails:
        tag = mail.edition.language.tag
        assert mail.html.startswith(f'<!DOCTYPE html>\n<html lang="{tag}"'), mail.name
        assert len(mail.html.encode()) <= LARGEST, mail.name
        assert mail.raw.isascii()
        assert max(map(len, mail.raw.split(b"\r\n"))) <= 998, mail.name


def test_there_is_one_way_out_of_every_mail(outgoing: Outgoing) -> None:
    """One List-Unsubscribe, by HTTPS in one click; the same link stands in both parts."""
    for mail in outgoing.mails:
        assert len(mail.parsed.get_all("List-Unsubscribe", [])) == 1
        assert mail.way_out.startswith(f"{OURS}u/")
        click = mail.parsed.get_all("List-Unsubscribe-Post")
        assert click == ["List-Unsubscribe=One-Click"]
        assert f'href="{mail.way_out}"' in mail.html
        assert mail.way_out in mail.text


def test_no_mail_follows_its_reader(outgoing: Outgoing) -> None:
    """Every address is the author's, the newsletter's or the way out: no tracking."""
    about = outgoing.newsletter.settings.authors
    assert about
    people = about.read_text("utf-8")
    for mail in outgoing.mails:
        source = unquote(html.unescape(mail.edition.post.body + people))
        linked = {html.unescape(each) for each in _ATTRIBUTE.findall(mail.html)}
        for url in linked:
            known = unquote(url) in source or url == mail.way_out
            assert known or url.startswith((OURS, "mailto:")), (mail.name, url)
        for found in _ADDRESS.findall(mail.text):
            url = found.rstrip(".,;:!?)")
            known = unquote(url) in source or any(url in each for each in linked)
            assert known, (mail.name, url)


def test_the_site_shows_what_the_mail_promises(outgoing: Outgoing) -> None:
    """Every link of a mail to the newsletter's own pages leads to a page there is."""
    for mail in outgoing.mails:
        assert mail.edition.url in outgoing.pages
        assert f'href="{mail.edition.url}"' in mail.html
        for other in outgoing.newsletter.issue(mail.edition.issue).editions.values():
            assert f'href="{other.url}"' in mail.html


def test_w3c_finds_the_feeds_valid(outgoing: Outgoing) -> None:
    """No error and no warning, but that several issues came out on one day."""
    files = {
        outgoing.site / name: OURS + name
        for name, _ in outgoing.files("rss.xml", "atom.xml", ".opml")
    }
    assert len(files) == 13
    found = complaints_of_w3c(files)
    assert [each for each in found if "DuplicateUpdated" not in each] == []


def test_feedparser_follows_every_feed_to_its_own_language(outgoing: Outgoing) -> None:
    """Clean, with a link and an id an entry, and the links lead to pages there are."""
    languages: Mapping[str, str] = {
        e.url: e.language.folder for e in outgoing.newsletter.editions
    }
    for name, text in outgoing.files("atom.xml"):  # elsewhere compared with the others
        feed = feedparser.parse(text.encode())
        folder = name.partition("/")[0]
        assert not feed.bozo, name
        assert feed.entries
        for entry in feed.entries:
            assert entry.id
            assert entry.link in outgoing.pages
            assert languages[entry.link] == folder


def test_newsboat_reads_every_feed(outgoing: Outgoing) -> None:
    """A feed reader for the terminal loads them over HTTP and stores every entry."""
    if outgoing.newsboat is None:
        pytest.skip("newsboat or ../shared/judges/newsboat.sh is missing")
    assert outgoing.newsboat.wait(120) == 0, outgoing.verdict.read_text("utf-8")
    lines = outgoing.verdict.read_text("utf-8").splitlines()
    seen = dict(line.split(" ", 1) for line in lines)
    for name, text in outgoing.files("rss.xml", "atom.xml"):
        count = len(re.findall(r"<(?:item|entry)\b", text))
        assert f"({count}, {count}, " in seen[name]
