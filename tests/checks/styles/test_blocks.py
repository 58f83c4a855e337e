"""The style blocks of the finished mail."""

from distribute.checks.styles import blocks
from tests.checks.press import Press, only, rules, shipped

KEPT = '{{ source("email/kept.css") | safe }}'
OUTLOOK = '{{ source("email/outlook.css") | safe }}'


def html(*changes: tuple[str, str]) -> dict[str, str]:
    """Give an own template, changed in these places."""
    return {"email/email.html": shipped("email/email.html", *changes)}


def test_our_blocks_are_in_order(press: Press) -> None:
    """Phones, dark mode, Outlook."""
    assert list(blocks.find(press.proof())) == []


def test_outlooks_rules_stand_alone(press: Press) -> None:
    """In a block with others they can take these down."""
    proof = press.proof(templates=html((KEPT, KEPT + OUTLOOK)))
    finding = only(blocks.find(proof), "style-order")
    assert "share a <style>" in finding.message
    assert finding.path == press.folder / "templates/email/email.html"


def test_outlooks_rules_come_last(press: Press) -> None:
    """What comes after a block that is dropped may be dropped as well."""
    swapped = html((KEPT, "@@"), (OUTLOOK, KEPT), ("@@", OUTLOOK))
    finding = only(blocks.find(press.proof(templates=swapped)), "style-order")
    assert "rules for phones come after rules for [data-ogsc]" in finding.message


def test_a_rule_for_print_stands_where_it_likes(press: Press) -> None:
    """It is neither for phones nor for the dark."""
    kept = shipped("email/kept.css") + "\n@media print { p { margin: 0 !important } }"
    assert list(blocks.find(press.proof(templates={"email/kept.css": kept}))) == []


def test_a_nested_rule_that_a_macro_writes_is_found(press: Press) -> None:
    """Also where it stands in no sheet; one that does is told there, with its line."""
    inner = "@media (max-width:9px) { p { margin: 0 !important } }"
    macro = "{% set inner = '" + inner + "' %}"
    made = html(
        (KEPT, KEPT + "@media print { {{ inner }} }"), ("<head>", f"<head>{macro}")
    )
    found = only(blocks.find(press.proof(templates=made)), "at-nested")
    assert "(max-width:9px)" in found.message
    written = html((KEPT, KEPT + f"@media print {{ {inner} }}"))
    assert "at-nested" not in rules(blocks.find(press.proof(templates=written)))


def test_what_was_inlined_is_not_important(press: Press) -> None:
    """Nor what the template writes into an element itself."""
    proof = press.proof(
        templates=html(("<h1 ", '<h1 style="color:#112233 !important" '))
    )
    finding = only(blocks.find(proof), "css-important")
    assert finding.words == "color:#112233 !important"
    assert finding.line > 30
    sheet = shipped("email/layout.css") + "\n.content p { color: #112233 !important }"
    proof = press.proof(templates={**html(), "email/layout.css": sheet})
    assert list(blocks.find(proof)) == []  # it is told at its line in the sheet
