"""A gallery with much to look at, for browsers to open."""

import re
from pathlib import Path

from distribute.cli.newsletter.sample import copy_sample
from tests.commands import call

POST = "2026-11-06-whose-stars.md"
POSTS = (POST, "2026-11-06-whose-stars-zh.md", "2026-11-06-whose-stars_ar.md")
WORSE = """
Read [more] (https://example.org/b), says [here](http://example.org/c).

<script>document.title = "script"</script><img src=x onerror="top.document.title='img'">
<a href="javascript:top.document.title='link'">press</a>

![A lamp](https://cdn.example.net/lamp.jpg)
"""


def write_gallery(letter: Path) -> Path:
    """Preview an issue in three languages, after two posts were changed for the worse.

    `letter` is where the newsletter goes; gives the page to open.
    """
    copy_sample(letter)
    for post in (letter / "posts").iterdir():
        if post.name not in POSTS:
            post.unlink()
    assert call("-C", letter, "preview").status == 0
    with (letter / "posts" / POST).open("a", encoding="utf-8") as file:
        file.write(WORSE)
    chinese = letter / "posts" / POSTS[1]
    text = re.sub("(?m)^title: .*$", f"title: {'W' * 2000}", chinese.read_text("utf-8"))
    chinese.write_text(text, encoding="utf-8")
    assert call("-C", letter, "preview").status == 0
    return letter / "out" / "preview" / "index.html"
