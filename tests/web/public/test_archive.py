"""The site's files: the right type, known again by their ETag, and nothing else."""

import gzip
from pathlib import Path

import pytest

from tests.web.public.visiting import Town, town

PAGE = "<!DOCTYPE html><title>x</title>" + "<p>words and words</p>" * 100
FILES = {
    "index.html": PAGE,
    "404.html": "<title>gone</title>",
    "en/index.html": PAGE,
    "en/rss.xml": "<rss/>" * 200,
    "en/atom.xml": "<feed/>",
    "en/feed.json": "{}",
    "feeds.opml": "<opml/>",
    "sitemap.xml": "<urlset/>",
    "style.css": "p { color: red }",
    "images/moon.75be46b70d.png": "png",
    "files/unheard.of": "?",
    ".hidden": "secret",
    "en/.git/config": "secret",
    "_redirects": "/a /b",
    ".well-known/security.txt": "Contact: mailto:a@example.org",
}


@pytest.fixture(autouse=True)
def site(here: Town) -> Path:
    """Build a site."""
    folder = here.house.site
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder.parent / "secret.txt").write_text("secret", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/en/", "text/html; charset=utf-8"),
        ("/en/index.html", "text/html; charset=utf-8"),
        ("/en/rss.xml", "application/rss+xml"),
        ("/en/atom.xml", "application/atom+xml"),
        ("/en/feed.json", "application/feed+json"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/sitemap.xml", "application/xml"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/images/moon.75be46b70d.png", "image/png"),
        ("/files/unheard.of", "application/octet-stream"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
        ("/public.css", "text/css; charset=utf-8"),
    ],
)
def test_each_file_has_its_type(here: Town, path: str, kind: str) -> None:
    """Feeds are known by their name; what nobody knows is not guessed."""
    answer = here.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    head = here.client.head(path)
    for name in ("content-type", "etag", "content-length", "cache-control"):
        assert head.headers[name] == answer.headers[name]


def test_who_has_a_file_is_not_sent_it_again(here: Town) -> None:
    """Its ETag says so, weak or strong, alone or among others."""
    first = here.client.get("/en/atom.xml")
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = here.client.get("/en/atom.xml", headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["cache-control"] == first.headers["cache-control"]
    other = here.client.get("/en/atom.xml", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


def test_what_can_be_small_is_sent_small(here: Town) -> None:
    """To those who say that they can read it, under an ETag of its own."""
    plain = here.client.get("/en/rss.xml", headers={"Accept-Encoding": "gzip;q=0, br"})
    small = here.client.get("/en/rss.xml", headers={"Accept-Encoding": "br, GZIP"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert plain.content == small.content == FILES["en/rss.xml"].encode()
    assert plain.headers["etag"] != small.headers["etag"]
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"
    assert int(small.headers["content-length"]) == len(
        gzip.compress(plain.content, 6, mtime=0)
    )


def test_a_new_build_is_seen_at_once(here: Town, site: Path) -> None:
    """What is kept in memory is the file as it is on the disk now."""
    before = here.client.get("/en/atom.xml")
    (site / "en/atom.xml").write_text("<feed>news</feed>", "utf-8")
    after = here.client.get(
        "/en/atom.xml", headers={"If-None-Match": before.headers["etag"]}
    )
    assert (after.status_code, after.text) == (200, "<feed>news</feed>")
    (site / "en/atom.xml").unlink()
    assert here.client.get("/en/atom.xml").status_code == 404


def test_only_what_is_named_by_its_content_is_kept_for_ever(here: Town) -> None:
    """A picture's name changes with it; a page's does not."""
    picture = here.client.get("/images/moon.75be46b70d.png")
    assert "immutable" in picture.headers["cache-control"]
    assert here.client.get("/en/").headers["cache-control"] == "public, max-age=300"


def test_feeds_can_be_read_from_anywhere(here: Town) -> None:
    """Readers that run in a browser may fetch feeds, and nothing else."""
    for path, expected in (("/en/rss.xml", "*"), ("/", None), ("/subscribe", None)):
        found = here.client.get(path).headers.get("access-control-allow-origin")
        assert found == expected


@pytest.mark.parametrize(
    "path",
    [
        "/.hidden",
        "/en/.git/config",
        "/_redirects",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/en/..%2f..%2fsecret.txt",
        "/en/..%5c..%5csecret.txt",
        "/en//index.html",
        "https://news.example.org//en/index.html",
        "/en/index.html/",
        "/en/index.html%00.png",
        "/" + "a" * 5000,
        "/" + "a/" * 2000,
        "/C:/windows",
    ],
)
def test_nothing_hidden_or_outside_is_shown(here: Town, path: str) -> None:
    """There is the site's own page that says so."""
    answer = here.client.get(path)
    assert (answer.status_code, answer.text) == (404, FILES["404.html"])


def test_a_link_that_leads_out_is_not_followed(here: Town, site: Path) -> None:
    """What lies beside the site stays there."""
    (site / "out.txt").symlink_to(site.parent / "secret.txt")
    (site / "up").symlink_to(site.parent)
    (site / "within.txt").symlink_to(site / "style.css")
    (site / ".htpasswd").write_text("ada:1", "utf-8")
    (site / "hidden.txt").symlink_to(site / ".htpasswd")
    assert here.client.get("/hidden.txt").status_code == 404
    assert here.client.get("/out.txt").status_code == 404
    assert here.client.get("/up/secret.txt").status_code == 404
    assert here.client.get("/within.txt").text == FILES["style.css"]


def test_a_folder_without_its_slash_leads_to_it(here: Town) -> None:
    """And never to another host."""
    answer = here.client.get("/en")
    assert (answer.status_code, answer.headers["location"]) == (301, "/en/")
    for path in ("https://news.example.org//evil.example/en", "/\\evil.example/en"):
        assert "location" not in here.client.get(path).headers


def test_without_a_site_there_is_a_page_all_the_same(tmp_path: Path) -> None:
    """In the reader's language, with the way to the form."""
    (tmp_path / "bare").mkdir()
    with town(tmp_path / "bare") as bare:
        answer = bare.client.get("/", headers={"Accept-Language": "ar"})
    assert answer.status_code == 404
    assert answer.headers["content-language"] == "ar"
    assert "/subscribe" in answer.text


def test_a_large_file_is_not_kept(here: Town, site: Path) -> None:
    """It is read anew for everybody, and known again as well."""
    (site / "big.mp4").write_bytes(b"x" * (5 * 1024 * 1024))
    answer = here.client.get("/big.mp4")
    assert len(answer.content) == 5 * 1024 * 1024
    known = {"If-None-Match": answer.headers["etag"]}
    assert here.client.get("/big.mp4", headers=known).status_code == 304


def test_the_archive_runs_no_script(here: Town) -> None:
    """Whatever an author's page holds."""
    policy = here.client.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy


def test_a_newsletter_below_a_path_is_found_there(tmp_path: Path) -> None:
    """Whether the proxy in front takes the path away or leaves it."""
    (tmp_path / "below").mkdir()
    with town(tmp_path / "below", public_url="https://example.org/news") as below:
        for prefix in ("", "/news"):
            answer = below.client.get(f"https://example.org{prefix}/subscribe")
            assert answer.status_code == 200
            assert 'action="/news/subscribe?lang=en"' in answer.text
            assert 'href="/news/public.css"' in answer.text
