"""A newsletter of hostile posts: whatever may stand in a file, and what has to be left of it.

Every line that says something for people has a word of its own, so that a missing one is
noticed; every link that leads nowhere stands on a line of its own, so that it can be found.
"""

from collections.abc import Mapping
from pathlib import Path

from tests.acceptance.letters import FEEDS, Letter, write_letter

TITLES = {
    "signs": "AT&T: p<0.05 & q>1, so on",
    "tags": "What the <b> tag did to </channel> and ]]>",
    "links": "“Quoted”, 'plain', \"straight\" – 👩🏽\u200d🚀 𝕏 é e\u0301 日本",
    "shapes": "{{ title }} {% raw %} *not* _a_ `template` [1](2)",
}
"""As readers shall show them, letter for letter."""

_SIGNS = (
    "A null\x00 alpha, a tab\vbravo, an escape\x1b[31m charlie.\r\n"
    "\r\n"
    "A next\x85delta, a delete\x7f echo, a mark\ufeff foxtrot, none\ufffe golf\uffff.\r\n"
    "\r\n"
    "The end of data ]]> hotel, a space&nbsp;india, an entity &unknown; juliett.\r\n"
    "\r\n"
    "A family 👨\u200d👩\u200d👧\u200d👦 kilo, a letter 𝔘 lima, lines\u2028mike\u2029november.\r\n"
    "\r\n"
    "Half a letter \ud800 oscar, and \udfff papa.\r\n"
)
_TAGS = """\
<script>secretone()</script><p onclick="secrettwo()" style="color: red">alpha</p>

<!-- secretthree -->
<iframe src="https://example.org/page"></iframe>

<style>p { color: secretfive }</style>

bravo <b>unclosed charlie <i>crossed</b> delta</i>

<multilingual lang="en">echo</multilingual> <unknown-tag>foxtrot</unknown-tag>

<div class="a"><table><tr><td>golf

<form action="https://example.org/"><input value="secretsix"><button>hotel</button></form>

<svg onload="secretseven()"><text>a drawing</text></svg>

<a name="there" id="here">india</a> juliett <p id="para">kilo <img src=x onerror="secreteight()">

<b onclick='secretfour()'>lima</b> <h2>mike</div></h2>

<details><summary>november</summary>oscar</details> &lt;script&gt;papa
"""
_LINKS = """\
[alpha](javascript:alert(1)) is no place to go.

[bravo](http://[bad) is no address.

[charlie](http://Visualizing%20Things%20Well) has no host.

[delta]() is empty.

<a href="">echo</a> is empty as well.

[foxtrot](data:text/html;base64,PHA+eDwvcD4=) is no place either.

<a href="vbscript:x">golf</a> nor is this.

[hotel](example.org) forgot something.

[india](https://example.org/good) is good, and so is <https://example.org/juliett>.

[kilo](//example.org/x), [lima](mailto:ada@example.org) and [mike](#november) as well.

![november](data:image/png;base64,AAAA) is a picture of its own.

![oscar](missing/picture.png) is not there, ![papa](https://example.org/a b.png) may be.
"""
_SHAPES = """\
alpha {% include nothing.html %} {{ page.bravo }} charlie

| delta | echo
|--|
| foxtrot

```
golf <script>hotel</script>
```

~~~
india, which never ends
"""

_WORDS = (
    *(
        "alpha",
        "bravo",
        "charlie",
        "delta",
        "echo",
        "foxtrot",
        "golf",
        "hotel",
        "india",
    ),
    *("juliett", "kilo", "lima", "mike", "november", "oscar", "papa"),
)
VISIBLE: Mapping[str, tuple[str, ...]] = {
    "signs": _WORDS,
    "tags": _WORDS,
    "links": _WORDS,
    "shapes": _WORDS[: _WORDS.index("juliett")],
}
"""What people would see of each post, in order."""
SECRETS = (
    *("secretone", "secrettwo", "secretthree", "secretfour", "secretfive", "secretsix"),
    *("secretseven", "secreteight"),
)
"""What nobody is to see, not even in the source of a page."""
BAD_LINKS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel")
"""What leads nowhere, by the words that stay."""


def write_nasty(folder: Path) -> Letter:
    """Write the newsletter: four posts, and one of them in Arabic as well."""
    bodies = {"signs": _SIGNS, "tags": _TAGS, "links": _LINKS, "shapes": _SHAPES}
    posts = {name_of(slug): _post(TITLES[slug], body) for slug, body in bodies.items()}
    posts["2026-05-02-tags.ar.md"] = _post("وسوم <b> &", f"نص عربي\n\n{_TAGS}")
    return write_letter(
        folder, posts, languages='"en", "ar"', more=FEEDS.format(limit=3)
    )


def name_of(slug: str) -> str:
    """Name the file of a post."""
    return f"2026-05-0{1 + list(TITLES).index(slug)}-{slug}.md"


def line_of(slug: str, folder: Path, word: str) -> int:
    """Find the line of its file on which a word stands, from 1."""
    octets = (folder / "posts" / name_of(slug)).read_bytes()
    return octets[: octets.index(word.encode())].count(b"\n") + 1


def _post(title: str, body: str) -> bytes:
    """Write a post; halves of surrogates and all."""
    quoted = title.replace("'", "''")
    return f"---\ntitle: '{quoted}'\nauthor: A<d>a & Bo\n---\n{body}".encode(
        "utf-8", "surrogatepass"
    )
