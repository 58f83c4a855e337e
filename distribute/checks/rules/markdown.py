"""What is found in the Markdown of a post, its Liquid and its HTML; not the links."""

from distribute.checks.rule import Place, Rule
from distribute.finding import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="post-empty",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a post that says nothing",
        why="Its readers would get a blank mail.",
        fix="Write its text below the front matter, or make it a draft.",
        firm=True,
    ),
    Rule(
        id="comment-unclosed",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a comment that begins and never ends",
        why="What follows is meant for readers or it is not: nobody can tell. Its "
        "paragraph is hidden, so part of the post may be missing.",
        fix="Close it with -->, or remove <!--.",
    ),
    Rule(
        id="code-unclosed",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="code that begins and never ends",
        why="It is shown as text, with its line breaks lost and its signs taken for "
        "markup.",
        fix="Write the same fence, such as ```, on a line of its own below the code.",
    ),
    Rule(
        id="footnote-missing",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a footnote mark without its note",
        why="Readers see the mark as it is written, such as [^1], and look for the note "
        "in vain.",
        fix="Write [^1]: and the note on a line of its own, or remove the mark.",
    ),
    Rule(
        id="footnote-unused",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a footnote that nothing mentions",
        why="It is left out, so its readers miss what somebody found worth a note.",
        fix="Write its mark, such as [^1], where it belongs.",
    ),
    Rule(
        id="html-dropped",
        severity=Severity.WARNING,
        place=Place.MAIL,
        title="HTML that mails and feeds cannot carry",
        why="Mail programs take out scripts, forms, frames and the like, and some take a "
        "mail with them for an attack. They are left out everywhere.",
        fix="Write a link to what it shows, or remove it.",
    ),
    Rule(
        id="html-deep",
        severity=Severity.WARNING,
        place=Place.MAIL,
        title="HTML nested more than a hundred elements deep",
        why="Browsers and mail programs give up on it; mostly somebody forgot to close "
        "the elements.",
        fix="Close each element, or write it as Markdown.",
    ),
    Rule(
        id="liquid-unclosed",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="Liquid markup that is never closed",
        why="Readers see the braces as they are written.",
        fix="Close it with %} or }}, or write the end tag.",
    ),
    Rule(
        id="liquid-unknown",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="Liquid markup that is not known here",
        why="Jekyll would have put something in its place; readers of mail and feeds get "
        "its words alone, or nothing.",
        fix="Write in Markdown what it stands for.",
    ),
    Rule(
        id="liquid-post-unknown",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link to a post that does not exist",
        why="The link has no address, and readers get its words without it.",
        fix="Name the file of a post, without .md.",
    ),
    Rule(
        id="image-unreadable",
        severity=Severity.WARNING,
        place=Place.MAIL,
        title="a picture whose file is damaged",
        why="Mail programs and browsers show a broken frame, or nothing at all.",
        fix="Export it again as PNG, JPEG, GIF, WebP, AVIF or SVG.",
    ),
)
