"""Links and pictures of the authors are all there, and broken ones are reported."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tests.corpus.pages import SITE, Contents, Expected, hrefs

VIDEO = re.compile(r"\{% *include video")
BROKEN = {
    r"03-02-NLP_Newsletter\[PT-BR\]": (36, 146, 284),
    r"01-19-NLP_Newsletter\[PT-BR\]": (232,),
    r"02-16-NLP_Newsletter\[PT-BR\]": (394,),
    r"#1_\[FR\]": (38, 127),
    r"#3_\[FR\]": (180,),
    r"#5_\[FR\]": (77,),
    r"#8_\[FR\]": (199,),
    r"10_FR": (187,),
    r"#11_\[FR\]": (148, 257),
    r"#12_\[FR\]": (250, 251),
    r"#14_\[FR\]": (170,),
    r"10_\[TR\]": (100, 207),
    r"9_\[TR\]": (198,),
    r"03-02-NLP_Newsletter_BERT": (227,),
    r"NLP_7\[ZH\]": (75,),
    r"_12_en": (239, 240),
    r"_13_en": (125,),
    r"01-19-NLP简报": (366,),
    r"Year_in_Review": (65, 374),
    r"attention-is-all": (101,),
    r"Kibana": (179,),
}
"""Lines with a link that does not work, by a pattern of the file's name."""


def _absolute(url: str, known: Mapping[str, Any]) -> str:
    return urljoin(f"{SITE}{known.get('jekyll_url', '')}", url)


def test_every_link_and_picture_of_the_authors_is_there(
    contents: Contents, expected: Expected, corpus: Path
) -> None:
    """As many as Jekyll makes, in the same order; embedded videos are links besides."""
    for name, content in contents.items():
        known = expected[name]
        path = corpus / "posts" / name
        videos = len(VIDEO.findall(path.read_text("utf-8"))) if path.exists() else 0
        assert len(content.links) == known["links"] + videos, name
        assert len(content.images) == known["images"], name
        if content.images:
            assert content.images[0] == _absolute(known["first_image"], known), name
        if content.links and not videos:
            assert len(set(content.links)) == known["unique_links"], name
            assert content.links[0] == known["first_link"], name
            assert content.links[-1] == known["last_link"], name


def test_each_listed_broken_link_is_reported_where_it_is(contents: Contents) -> None:
    """With file and line, whatever is wrong with it."""
    reported = {
        (finding.path.name, finding.line)
        for content in contents.values()
        for finding in content.findings
        if finding.rule.startswith("link-")
    }
    for part, lines in BROKEN.items():
        name = next(name for name in contents if re.search(part, name))
        missing = [line for line in lines if (name, line) not in reported]
        assert not missing, name


def test_hardly_anything_else_is_reported(contents: Contents) -> None:
    """Findings about links are few enough to be read."""
    listed = sum(map(len, BROKEN.values()))
    names = {name for part in BROKEN for name in contents if re.search(part, name)}
    findings = [
        finding
        for name, content in contents.items()
        for finding in content.findings
        if finding.rule.startswith("link-") and name.endswith("d")
    ]
    assert len(findings) <= listed + 2, [str(finding) for finding in findings]
    assert {finding.path.name for finding in findings} <= names


def test_written_out_addresses_are_links_too(
    contents: Contents, expected: Expected
) -> None:
    """Each of the long lists of references, even if Markdown cut its address."""
    checked = 0
    for name, content in contents.items():
        bare = expected[name]["bare_urls"]
        if bare < 30:
            continue
        assert len(hrefs(content)) - len(content.links) == bare, name
        checked += 1
    assert checked == 3


def test_pictures_have_absolute_addresses(contents: Contents) -> None:
    """Those given relatively lie on the site of the post."""
    urls = [url for content in contents.values() for url in content.images]
    assert all(url.startswith("https://") for url in urls)
    assert sum(url.startswith(f"{SITE}/images/") for url in urls) >= 3


def test_a_page_missed_narrowly_is_suggested(contents: Contents) -> None:
    """The one dead link into the site itself."""
    dead = [
        finding
        for content in contents.values()
        for finding in content.findings
        if finding.rule == "link-dead"
    ]
    assert [finding.hint for finding in dead] == [
        f"Write {SITE}/NLP_Newsletter_10_FR/."
    ]
