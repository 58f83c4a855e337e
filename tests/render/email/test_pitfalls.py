"""Premailer does harm in known ways; ours does not, and neither do our sheets.

The naive half runs in a process of its own. Where it fails, premailer has been repaired,
and what is done about the pitfall may be too much.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from distribute.editions.edition import Issue
from distribute.editions.publication import Publication
from distribute.errors import RenderError
from distribute.language import Language
from distribute.render.document import Content
from distribute.render.email.email import lay_out_email
from distribute.render.email.inline import inline_css
from distribute.render.theme.theme import Theme
from tests.render.email.mails import TAGS
from tests.render.email.naive import Case, Outcome, naively
from tests.render.email.pitfalls import (
    ADDRESSES,
    DOCTYPE,
    EXCLUDED,
    INVISIBLE,
    KEPT,
    NOISE,
    REPAIRED,
    REVEALED,
    Excluded,
    Pitfall,
    document,
    everything,
)
from tests.render.email.sheets import disagreements, first_sheet, rules_of

LaidOut = Mapping[str, str]


def named(pitfall: Pitfall) -> str:
    """Name a test after its pitfall."""
    return f"{pitfall.number}-{pitfall.name.replace(' ', '-')}"


@pytest.fixture(scope="module")
def naive() -> Mapping[str, Outcome]:
    """Call premailer naively on every pitfall."""
    pitfalls = {named(each): each for each in everything()}
    outcomes = naively([each.case for each in pitfalls.values()])
    return dict(zip(pitfalls, outcomes, strict=True))


@pytest.fixture(scope="module")
def laid_out(
    theme: Theme,
    publication: Publication,
    make_issue: Callable[..., Issue],
    make_content: Callable[..., Content],
) -> LaidOut:
    """Lay out a mail with everything in it in each language, its sheets still apart."""
    issue, content = make_issue(), make_content()
    return {
        tag: lay_out_email(
            issue.editions[Language(tag)],
            content,
            issue,
            text="",
            publication=publication,
            theme=theme,
        ).html
        for tag in TAGS
    }


@pytest.fixture(scope="module")
def inlined(laid_out: LaidOut) -> LaidOut:
    """Inline them, which is the same every time."""
    return {tag: inline_css(html) for tag, html in laid_out.items()}


def test_every_pitfall_is_in_the_table() -> None:
    """All twenty-four; two of them, threads and the network, take more than one call."""
    assert {each.number for each in everything()} | {12, 17} == {*range(1, 25)}


@pytest.mark.parametrize("pitfall", [*everything()], ids=named)
def test_the_naive_call_does_harm(
    naive: Mapping[str, Outcome], pitfall: Pitfall
) -> None:
    """With the premailer that is installed; else there would be nothing to repair."""
    outcome = naive[named(pitfall)]
    assert pitfall.harmed(outcome.said if pitfall is NOISE else outcome.html), outcome


@pytest.mark.parametrize("pitfall", REPAIRED, ids=named)
def test_our_call_does_not(pitfall: Pitfall) -> None:
    """The same document comes out as it should."""
    assert not pitfall.harmed(inline_css(pitfall.html))


def test_a_doctype_that_would_be_lost_is_refused() -> None:
    """14: without one, mail programs lay a mail out as in the nineties."""
    with pytest.raises(RenderError, match="does not start with <!DOCTYPE html>"):
        inline_css(DOCTYPE.html)


@pytest.mark.parametrize("pitfall", KEPT, ids=named)
def test_the_kept_sheet_comes_to_no_harm(pitfall: Pitfall) -> None:
    """What cannot be inlined goes into a sheet that stays, to the byte."""
    marked = pitfall.html.replace("<style>", '<style data-premailer="ignore">')
    html = inline_css(marked)
    assert not pitfall.harmed(html)
    assert f"<style>{pitfall.css}</style>" in html


@pytest.mark.parametrize("excluded", EXCLUDED, ids=lambda each: named(each.pitfall))
def test_the_contract_rules_it_out(laid_out: LaidOut, excluded: Excluded) -> None:
    """The rule that does harm is known as such, and no sheet of ours has one like it."""
    assert any(map(excluded.breaks, rules_of(excluded.pitfall.css)))
    for tag, html in laid_out.items():
        rules = list(rules_of(first_sheet(html)))
        assert len(rules) > 50
        assert not list(filter(excluded.breaks, rules)), tag


def test_the_cascade_is_that_of_css(laid_out: LaidOut, inlined: LaidOut) -> None:
    """5: in our sheets too, an inliner that knows all of CSS comes to the same styles."""
    css_inline = pytest.importorskip("css_inline")
    oracle = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_at_rules=True, minify_css=True
    )
    for tag, html in laid_out.items():
        kept = html.replace('data-premailer="ignore"', 'data-css-inline="keep"')
        assert disagreements(inlined[tag], oracle.inline(kept)) == [], tag


def test_threads_disturb_the_naive_call_alone() -> None:
    """12: with eight threads its indentation goes astray; ours gives the same bytes."""
    css = "".join(
        f".a{each} {{ margin-top: {each}px }} @media (max-width: {each}00px)"
        f" {{ .b {{ top: 1px }} .c {{ top: {each}px }} }}"
        for each in range(1, 9)
    )
    body = '<p class="a1" style="top: 2px">x</p>' * 5
    html = document(body, css)
    options = {"strip_important": False}
    usual, astray = naively([Case(html, options), Case(html, options, threads=8)])
    assert astray.html != usual.html
    alone = inline_css(html)
    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(inline_css, [html] * 40)} == {alone}


def test_nothing_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    """13: unknown properties are no news for whoever sends a newsletter."""
    assert "mso-hide:all" in inline_css(NOISE.html)
    assert capfd.readouterr() == ("", "")


def test_addresses_are_ascii_before_they_are_inlined(
    laid_out: LaidOut, inlined: LaidOut
) -> None:
    """15: no address in a mail has anything that could be encoded, and no braces."""
    assert ADDRESSES.harmed(inline_css(ADDRESSES.html))
    for tag, html in laid_out.items():
        assert hrefs(html) == hrefs(inlined[tag]), tag
        assert "{" not in "".join(hrefs(html))


def hrefs(html: str) -> list[str]:
    """List the links of a document as they are written."""
    return [each.partition('"')[0] for each in html.split('href="')[1:]]


def test_no_style_sheet_is_fetched() -> None:
    """17: the naive call asks whatever server a document names; ours refuses it."""
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"p { color: #112233 }")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/a.css"
        link = f'<link rel="stylesheet" href="{address}">'
        html = document("<p>x</p>", "").replace("<style>", f"{link}<style>")
        (outcome,) = naively([Case(html, {})])
        assert asked == ["/a.css"]
        assert "#112233" in outcome.html or "#123" in outcome.html
        with pytest.raises(RenderError, match="cannot fetch"):
            inline_css(html)
        server.shutdown()
        thread.join()
    assert asked == ["/a.css"]


def test_conditional_comments_are_of_the_kind_that_stays(
    laid_out: LaidOut, inlined: LaidOut
) -> None:
    """18: ours are hidden ones, and none of them is touched."""
    assert REVEALED.harmed(inline_css(REVEALED.html))
    for tag, html in laid_out.items():
        assert "<![if" not in html
        for mark in ("<!--[if mso]>", "<![endif]-->"):
            assert 0 < html.count(mark) == inlined[tag].count(mark)


def test_what_nobody_sees_arrives(inlined: LaidOut) -> None:
    """24: characters stay characters, and the mail says at once in which charset."""
    assert INVISIBLE.harmed(inline_css(INVISIBLE.html))
    for html in inlined.values():
        assert b'<meta charset="utf-8">' in html.encode()[:1024]
