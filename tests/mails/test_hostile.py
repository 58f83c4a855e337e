"""A post that means harm: it crashes nothing, fetches nothing, and none of it arrives."""

import json
import re
import sys
from hashlib import sha256

import pytest

from distribute.checks.inspect import EDITION
from tests.mailroom import parse
from tests.mails.proofs import FULL, Proofs, rewritten
from tests.mini_internet import run_apart

HARM = """\
<link rel="stylesheet" href="https://evil.example/a.css">
<LINK rel=stylesheet href=//evil.example/b.css>

<style>@import url("https://evil.example/c.css"); p { color: red }</style>

<script src="https://evil.example/d.js">secretscript()</script>

<p style="p">alpha</p>

<p style="color:">bravo</p>

<p style="background: url(https://evil.example/e.png)">charlie</p>

<td style="td p">delta</td> <object data="https://evil.example/f"></object>

<img src="https://pictures.example/far.png" alt="echo" onerror="secrethandler()">

<base href="https://evil.example/"> <meta http-equiv="refresh" content="0;url=//evil.example">

<svg><style>@import "//evil.example/g.css"</style></svg> foxtrot

<!--[if mso]><link rel="stylesheet" href="https://evil.example/h.css"><![endif]--> golf
"""
WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf")
SINGLE = [
    '<p style="p">x</p>',
    '<p style="color:">x</p>',
    '<p style="h1 { color: red">x</p>',
    '<link rel="stylesheet" href="https://evil.example/a.css">x',
    "<link rel=stylesheet href=a.css>x",
    "<script>secret()</script>x",
    "<style>@import 'a.css';</style>x",
    "<style data-premailer=ignore>@import 'a.css';</style>x",
]

_PROGRAM = """
import json, sys
from datetime import UTC, datetime
from hashlib import sha256

seen = []
WATCHED = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
           "subprocess.Popen", "os.system", "urllib.Request", "http.client.connect"}
sys.addaudithook(lambda event, _: seen.append(event) if event in WATCHED else None)

from tests.mails.proofs import rewritten, sample_proofs

proofs = sample_proofs()
proof = rewritten(proofs[sys.argv[1]], sys.argv[2])
messages = [each.message for each in (proof, *proofs.values())]
print(json.dumps([seen, [sha256(each).hexdigest() for each in messages]]))
"""


def test_no_harm_arrives(sample: Proofs) -> None:
    """Nothing that fetches, runs or leads elsewhere is in the mail; every word is."""
    email = rewritten(sample[f"{FULL}/en"], HARM).email
    for bad in (
        "evil.example",
        "secret",
        "@import",
        "<script",
        "<link",
        "<base",
        "<svg",
    ):
        assert bad not in email.html.lower()
        assert bad not in email.text.lower()
    for word in WORDS:
        assert word in email.html
        assert word in email.text
    assert email.html.count("<style") == sample[f"{FULL}/en"].email.html.count("<style")
    assert re.findall(r'<img[^>]*src="([^"]*)"', email.html) == [
        "https://pictures.example/far.png"
    ]


@pytest.mark.parametrize("body", SINGLE)
def test_none_of_them_crashes(sample: Proofs, body: str) -> None:
    """Each alone, in the first line of a post, leaves a whole mail."""
    html = rewritten(sample[f"{FULL}/ar"], f"{body}\n\nafter").email.html
    assert ">after</p>" in html
    assert html.rstrip().endswith("</html>")
    assert not re.search(r"<(?:link|script)\b|@import|secret", html)


def test_no_socket_is_opened(sample: Proofs) -> None:
    """Neither for it nor for the sample: what is made where there is no network is the same."""
    command = [sys.executable, "-c", _PROGRAM, f"{FULL}/en", HARM]
    seen, digests = json.loads(run_apart(command, {}))
    assert seen == []
    mine = rewritten(sample[f"{FULL}/en"], HARM)
    messages = [each.message for each in (mine, *sample.values())]
    assert digests == [sha256(each).hexdigest() for each in messages]


def test_addresses_are_ascii_before_they_are_inlined(sample: Proofs) -> None:
    """Hosts in A-labels, paths percent-encoded, braces too: serialising changes nothing."""
    body = (
        "[a](https://münchen.example/ü?q=ö) <https://مثال.example/ص>\n\n"
        "![b](https://münchen.example/ü.png)\n\n"
        "{% raw %}[c](https://x.example/{{ y }}){% endraw %}\n"
    )
    proof = rewritten(sample[f"{FULL}/ar"], body)
    written, sent = (
        re.findall(r'(?:href|src)="([^"]*)"', email.html)
        for email in (proof.laid_out, proof.email)
    )
    assert written == sent
    assert all(url.isascii() and not {*"{} "} & {*url} for url in sent)
    assert {
        "https://xn--mnchen-3ya.example/%C3%BC?q=%C3%B6",
        "https://xn--mgbh0fb.example/%D8%B5",
        "https://xn--mnchen-3ya.example/%C3%BC.png",
        "https://x.example/%7B%7B%20y%20%7D%7D",
    } <= {*sent}


def test_what_nobody_sees_arrives_and_is_reported(sample: Proofs) -> None:
    """No-break spaces and joiners are read as they were written; what lies is a finding."""
    seen = "a\xa0b\u200cc\xadd"
    body = f"{seen}\n\nzero\u200bwidth and \u202eoverridden\u202c\n"
    proof = rewritten(sample[f"{FULL}/en"], body)
    html = next(
        part.get_content()
        for part in parse(proof.message).iter_parts()
        if part.get_content_subtype() == "html"
    )
    assert f">{seen}</p>" in html
    found = {finding.rule for inspect in EDITION for finding in inspect(proof)}
    assert found >= {"character-invisible", "character-bidi"}
