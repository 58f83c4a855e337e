"""What is found about the addresses of links and pictures, and how they are written."""

from distribute.checks.rule import Place, Rule
from distribute.finding import Severity

_BRACKETS = "Readers see the brackets and cannot click, or land on a broken page."

_ADDRESSES = (
    Rule(
        id="link-broken",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a link whose address cannot be one",
        why="A click leads nowhere, so readers get the words without the link.",
        fix="Write the whole address, beginning with https://.",
        source="RFC 3986 section 3",
        mended=True,
    ),
    Rule(
        id="link-scheme",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a link without https://, or of a kind that mails cannot carry",
        why="Without https:// a browser looks for it on this site, and in a mail there is "
        "no site. Readers get the words without the link.",
        fix="Write https:// before the address. Links may also begin with mailto: or tel:.",
        source="RFC 3986 section 3.1",
        mended=True,
    ),
    Rule(
        id="link-empty",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a link without an address",
        why="Its words look as if they led somewhere, to the author; readers get no link.",
        fix="Write the address between ( and ), or remove the brackets.",
        source="WCAG 2.2, 2.4.4",
    ),
    Rule(
        id="link-text-empty",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link without words to click on",
        why="Nobody sees it, and screen readers read out its address letter by letter. "
        "The address is shown in their place.",
        fix="Write the words between [ and ], or remove the link.",
        source="WCAG 2.2, 2.4.4",
    ),
    Rule(
        id="link-odd-end",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="an address that ends in a bracket, a quotation mark or punctuation",
        why="The sign has mostly slipped in from the sentence around it, and most sites "
        "answer that there is no such page.",
        fix="Remove the last character if it does not belong to the address.",
        mended=True,
    ),
    Rule(
        id="link-dead",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link to a page of this newsletter that does not exist",
        why="Readers find that the page is missing, on your own site.",
        fix="Write the address that the finding names.",
    ),
    Rule(
        id="link-cut",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="an address that * or _ cuts off",
        why="Markdown takes these signs for emphasis, so the link ends in the middle of "
        "the address and leads to the wrong page.",
        fix="Put the whole address between < and >.",
    ),
    Rule(
        id="image-broken",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a picture whose address cannot be one",
        why="No program can fetch it; readers get its description in its place.",
        fix="Write the whole address, beginning with https://.",
        source="RFC 3986 section 3",
        mended=True,
    ),
    Rule(
        id="image-scheme",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a picture that is not on the web",
        why="Mail programs fetch pictures over https only; pictures in data: or on "
        "somebody's disk are not shown.",
        fix="Put the picture on the web, or into the newsletter's folder, and write its "
        "address.",
        mended=True,
    ),
    Rule(
        id="image-empty",
        severity=Severity.ERROR,
        place=Place.SOURCE,
        title="a picture without an address",
        why="There is nothing to show; readers get its description in its place.",
        fix="Write the address between ( and ), or remove it.",
    ),
)
_SLIPS = (
    Rule(
        id="link-space",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a space between the words of a link and its address",
        why=_BRACKETS,
        fix="Remove what stands between ] and (.",
        source="CommonMark section 6.3",
    ),
    Rule(
        id="link-wide",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link in full-width brackets",
        why="Keyboards for Chinese and Japanese write them, but Markdown knows [ ] and "
        f"( ) only. {_BRACKETS}",
        fix="Write [ ] and ( ) as in English text.",
        source="CommonMark section 6.3",
    ),
    Rule(
        id="link-bracket",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link with the wrong brackets around its words or its address",
        why=_BRACKETS,
        fix="Write [words](address).",
        source="CommonMark section 6.3",
    ),
    Rule(
        id="link-unopened",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link without [ before its words",
        why=_BRACKETS,
        fix="Write [ where the words of the link begin.",
        source="CommonMark section 6.3",
    ),
    Rule(
        id="link-unclosed",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link without ) behind its address",
        why=_BRACKETS,
        fix="Write ) behind the address.",
        source="CommonMark section 6.3",
        mended=True,
    ),
    Rule(
        id="link-parenthesis",
        severity=Severity.WARNING,
        place=Place.SOURCE,
        title="a link without ( before its address",
        why=_BRACKETS,
        fix="Write ]( and then the address, without a space.",
        source="CommonMark section 6.3",
    ),
)

RULES: tuple[Rule, ...] = (*_ADDRESSES, *_SLIPS)
