"""The contract of the style sheets: what may be inlined, and what stays a sheet."""

import pytest

from distribute.checks.styles import contract
from distribute.checks.styles.contract import inlined_faults, kept_faults
from distribute.finding import Severity
from tests.checks.press import Press, rules, shipped


def names(css: str) -> list[str]:
    """Name the rules that a sheet breaks which is inlined."""
    return [fault.rule.id for fault in inlined_faults(css)]


def test_our_sheets_keep_it(press: Press) -> None:
    """All that the template of a mail asks for."""
    proof = press.proof()
    assert list(contract.find(proof.theme, proof.publication)) == []


@pytest.mark.parametrize(
    "css",
    [
        ".card { color: #112233; padding: 4px 8px; }",
        "td.cell > a:first-child, .x [align=left] { margin-top: 0 }",
        '.x { font-family: "A;B{}", serif; border-color: var(--line) var(--rule, #112233) }',
        "/* .a { color: red !important } */ .b { mso-line-height-rule: exactly }",
        ".a { padding: 0 } .a { padding-left: 3px }",
        ".x .a { padding-left: 3px } .a { padding: 0 }",
        "p { padding-left: 3px } td { padding: 0 }",
    ],
)
def test_plain_rules_keep_it(css: str) -> None:
    """Old selectors, six digits, tokens, longhands behind shorthands."""
    assert names(css) == []


@pytest.mark.parametrize(
    "selector",
    ["*", ":root", "p:nth-child(2)", "a:not(.b)", "a:hover", ".a + .b", ".a ~ .b",
     'a[href^="https"]', 'a[href="https://x"]', "p:is(h1,h2)", "p::before", "p:lang(zh)"],
)  # fmt: skip
def test_other_selectors_are_forbidden(selector: str) -> None:
    """The inliner drops them, or reads them as another."""
    (fault,) = inlined_faults(f"\n{selector} {{ color: #112233 }}")
    assert (fault.rule.id, fault.line, fault.words) == ("css-forbidden", 2, selector)


@pytest.mark.parametrize(
    "declaration",
    ["color: #fff", "color: #11223344", "color: rgb(1 2 3 / 50%)", "color: hsl(1, 2%, 3%)",
     "color: rgba(0,0,0,.5)", "width: calc(100% - 2px)", "font-size: 1.2rem", "width: 50vw",
     "display: flex", "display: inline-grid", "gap: 3px", "position: absolute",
     "background: url(a.png)", "background-image: linear-gradient(#111111, #222222)",
     "padding-inline-start: 3px", "margin-block: 0", "inset: 0", "text-align: start",
     "margin: 0 -4px", "color: unset", "--x: 1px", "transition: all 1s", "flex-wrap: wrap"],
)  # fmt: skip
def test_other_values_are_forbidden(declaration: str) -> None:
    """New colours and units, other layouts, logical sides, custom properties."""
    (fault,) = inlined_faults(f".a {{\n  {declaration};\n}}")
    assert (fault.rule.id, fault.line) == ("css-forbidden", 2)
    assert fault.words == declaration


def test_important_and_at_rules_are_not_inlined() -> None:
    """They belong into the sheets that are kept."""
    assert names(".a { color: #112233 !important }") == ["css-important"]
    assert names("@media print { .a { color: #112233 } }") == ["css-forbidden"]


def test_a_property_nobody_uses_is_a_warning() -> None:
    """Most likely it is misspelt."""
    (fault,) = inlined_faults(".a { colour: #112233 }")
    assert (fault.rule.id, fault.rule.severity) == ("css-unknown", Severity.WARNING)


@pytest.mark.parametrize(
    "css",
    [
        "p { padding-left: 3px } .x p { padding: 0 }",
        ".a { border-left-width: 2px } .a { border: 1px solid #112233 }",
        ".a { background-color: #112233 } td.a { background: #445566 }",
        ".a { border-top: 0 } .a { border-width: 1px } .a { border: 0 }",
    ],
)
def test_a_shorthand_behind_its_longhand_is_a_warning(css: str) -> None:
    """Ours lets the shorthand win, as a browser does; other inliners do not."""
    found = {fault.rule.id: fault.rule.severity for fault in inlined_faults(css)}
    assert found["css-shorthand"] is Severity.WARNING


def test_what_is_kept_is_important_and_not_nested() -> None:
    """Else it changes nothing, or Gmail drops all of it."""
    css = "@media (max-width:600px) { .a { color: #112233 } }"
    assert [fault.rule.id for fault in kept_faults(css)] == ["css-weak"]
    css = "@media a {\n@media b { .a { color: #fff !important } }\n}"
    (fault,) = kept_faults(css)
    assert (fault.rule.id, fault.line) == ("at-nested", 2)


def test_own_sheets_are_looked_at_with_file_and_line(press: Press) -> None:
    """Those that the own template asks for, whatever their names are."""
    html = shipped("email/email.html", ("email/layout.css", "email/own.css"))
    proof = press.proof(
        templates={
            "email/email.html": html,
            "email/own.css": ".a { color: #112233 }\n.b { display: flex }\n",
            "email/kept.css": shipped("email/kept.css") + "\n.zz { color: #112233 }",
        }
    )
    findings = list(contract.find(proof.theme, proof.publication))
    assert rules(findings) == ["css-forbidden", "css-weak"]
    assert (findings[0].path.name, findings[0].line) == ("own.css", 2)
    assert findings[0].words == "display: flex"


def test_what_a_template_writes_itself_is_looked_at_at_its_line(press: Press) -> None:
    """Inlined or kept, with Jinja in it; what is for Outlook alone is left out."""
    style = "<style>{% if dir %}\n.b { display: flex }{% endif %}\n</style>"
    kept = '<style data-premailer="ignore">\n@media a { @media b { p { gap: 0 } } }</style>'
    outlook = "<!--[if mso]><style>p { gap: 0 }</style><![endif]-->"
    added = f"{style}\n{kept}\n{outlook}\n</head>"
    html = shipped("email/email.html", ("</head>", added))
    proof = press.proof(templates={"email/email.html": html})
    findings = list(contract.find(proof.theme, proof.publication))
    lines = html.splitlines()
    assert rules(findings) == ["css-forbidden", "at-nested", "css-weak"]
    for finding, words in zip(
        findings, ("display: flex", "@media b", "gap: 0"), strict=True
    ):
        assert finding.words == words
        assert words in lines[finding.line - 1]
