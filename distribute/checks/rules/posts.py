"""What is found while posts are read: files, letters, front matter."""

from distribute.checks.rule import Place, Rule
from distribute.finding import Severity

_WORDS = (
    *("title", "excerpt", "preheader", "lang", "issue", "date", "modified"),
    *("slug", "permalink", "ref", "guid"),
)
_FLAGS = ("draft", "published")

_FILES = (
    Rule(
        id="post-unreadable",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a file that cannot be read as a post",
        why="The post is missing: nobody gets it, and the issue goes out without this "
        "language.",
        fix="Save the file as UTF-8 text that you may read, or move it out of the folder "
        "of posts.",
        firm=True,
    ),
    Rule(
        id="post-outside",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a link in the folder of posts that leads out of it",
        why="A link could bring in any file of this computer and send it to everybody, "
        "so it is not followed; the post is missing.",
        fix="Copy the file into the folder.",
        firm=True,
    ),
    Rule(
        id="post-is-folder",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a folder that has the name of a post",
        why="The posts in it are read, but a text that was to lie here is not there.",
        fix="Rename the folder, or move its text into a file of this name.",
    ),
    Rule(
        id="post-passed-over",
        severity=Severity.NOTE,
        place=Place.SOURCE,
        title="a file that is not read because of its name",
        why="Names that begin with a dot, an underscore or #, or that end in ~, are those "
        "of hidden files, drafts and backups. A post with such a name is not sent.",
        fix="Rename it if it should be read.",
    ),
)
_LETTERS = (
    Rule(
        id="mojibake",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a file whose letters were garbled by another program",
        why="Somewhere UTF-8 was read as another encoding and saved again, so that é "
        "became Ã©. Readers get the right letters, for it was undone while reading; "
        "other tools that use the file show the garbled ones.",
        fix="Save the repaired text; `distribute check --fix` does it.",
        mended=True,
    ),
    Rule(
        id="mojibake-suspected",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="letters that look garbled and cannot be repaired for certain",
        why="Readers see signs such as â€™ in place of an apostrophe. What the letters "
        "were can only be guessed, and a wrong guess would be worse.",
        fix="Correct the letters by hand.",
    ),
    Rule(
        id="replacement-character",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a letter that another program could not read",
        why="U+FFFD, shown as a question mark in a black diamond, stands where a letter "
        "was lost for good. Readers see that sign.",
        fix="Write the letter that belongs there.",
        source="The Unicode Standard, chapter 23.8",
    ),
    Rule(
        id="control-character",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="an invisible control character",
        why="Neither feeds nor mail headers can hold control characters, so they are left "
        "out. They often come with text that was copied from a PDF.",
        fix="Delete it in the file.",
        source="XML 1.0 section 2.2; RFC 5322 section 2.2",
    ),
)
_HEAD = (
    Rule(
        id="front-matter-invalid",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="front matter that cannot be read",
        why="Without it nobody knows title, date or language of the post: it is left out.",
        fix="Mend the YAML on the line that is named. A value with a colon, a # or a "
        "quotation mark in it wants double quotes around it.",
        source="YAML 1.2",
        firm=True,
    ),
    Rule(
        id="front-matter-missing",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a post without front matter",
        why="Title, date and language can only be guessed, from the text and from the "
        "file's name.",
        fix="Begin the file with ---, write title: and date: below, and end with ---.",
    ),
    Rule(
        id="front-matter-unopened",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="front matter without the line --- above it",
        why="It is read all the same, but other tools, such as Jekyll, print it as text.",
        fix="Write --- on a line of its own above it.",
    ),
    Rule(
        id="front-matter-duplicate-key",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a key that stands twice in the front matter",
        why="Only the last one counts. Whoever edits the first one changes nothing.",
        fix="Remove one of the two.",
        source="YAML 1.2 section 3.2.1.1",
    ),
    Rule(
        id="front-matter-comment",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a value that is cut off at a #",
        why="In YAML a # with a space before it begins a comment: a title such as "
        "News #5 loses its number, and readers see the rest only.",
        fix="Put the value in double quotes.",
        source="YAML 1.2 section 6.6",
    ),
)
_TYPES = tuple(
    Rule(
        id=f"{key}-type",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title=f"a {key} in the front matter that is not plain text",
        why="YAML takes brackets and braces for lists and mappings, so it is not certain "
        "that readers see what was meant.",
        fix="Put the value in double quotes, on one line.",
    )
    for key in _WORDS
) + tuple(
    Rule(
        id=f"{key}-type",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title=f"{key} is neither true nor false",
        why="The post is taken for a draft and is not sent: an unfinished text that "
        "leaks cannot be called back.",
        fix=f"Write {key}: true or {key}: false.",
    )
    for key in _FLAGS
)

RULES: tuple[Rule, ...] = (*_FILES, *_LETTERS, *_HEAD, *_TYPES)
