"""The book of rules is complete, and says something of each."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import distribute
from distribute.checks.rule import Rule
from distribute.checks.rulebook import _BOOKS, RULEBOOK

OF_IMAGES = {"image-broken", "image-scheme", "image-empty"}
"""Rules that are those of links, of a picture: see `distribute.render.links.resolve`."""


@cache
def trees() -> Mapping[Path, ast.Module]:
    """Parse all our modules."""
    home = Path(distribute.__file__).parent
    return {
        path: ast.parse(path.read_text("utf-8")) for path in sorted(home.rglob("*.py"))
    }


def is_book(path: Path) -> bool:
    """Tell the modules that describe the rules of others."""
    return path.parent.name == "rules"


@cache
def imported() -> set[str]:
    """List the names that some module takes from another."""
    return {
        alias.name
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def parameters() -> dict[str, int]:
    """Find the functions and classes that take the id of a rule, and where."""
    found: dict[str, int] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = _made_of(node)
            elif isinstance(node, ast.FunctionDef):
                names = [arg.arg for arg in node.args.args if arg.arg != "self"]
            else:
                continue
            if "rule" in names:
                found.setdefault(node.name, names.index("rule"))
    return found


def _made_of(node: ast.ClassDef) -> list[str]:
    """Name what a class is called with: its fields, or what ``__init__`` takes."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            return [arg.arg for arg in part.args.args[1:]]
    fields = (part.target for part in node.body if isinstance(part, ast.AnnAssign))
    return [field.id for field in fields if isinstance(field, ast.Name)]


def constants(node: ast.expr) -> Iterator[str]:
    """Give the words that an expression can be, as far as it spells them out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


@cache
def emitted() -> set[str]:
    """List every id that some code hands on as that of a rule."""
    takers = parameters()
    found: set[str] = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for keyword in node.keywords:
                if keyword.arg == "rule":
                    found.update(constants(keyword.value))
            if name in takers and len(node.args) > takers[name]:
                found.update(constants(node.args[takers[name]]))
    return {id_ for id_ in found if re.fullmatch(r"[a-z]+(-[a-z]+)+", id_)}


@cache
def described() -> dict[Path, list[str]]:
    """List the rules that each module describes."""
    found: dict[Path, list[str]] = {}
    for path, tree in trees().items():
        ids = [
            word
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rule"
            for keyword in node.keywords
            if keyword.arg == "id"
            for word in constants(keyword.value)
        ]
        if ids:
            found[path] = ids
    return found


def test_every_id_that_is_emitted_has_its_rule() -> None:
    """Wherever in the house a finding is made."""
    assert len(emitted()) > 40
    assert emitted() <= RULEBOOK.keys()


def test_every_rule_is_described_once() -> None:
    """And each that is described is in the book."""
    ids = Counter(rule.id for book in _BOOKS for rule in book)
    assert [id_ for id_, count in ids.items() if count > 1] == []
    assert {id_ for listed in described().values() for id_ in listed} <= ids.keys()


def test_every_rule_of_another_module_is_emitted_there() -> None:
    """A rule that nothing can meet would be an empty promise."""
    listed = {id_ for path, ids in described().items() if is_book(path) for id_ in ids}
    said = {
        node.value
        for path, tree in trees().items()
        if not is_book(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert listed - said - OF_IMAGES == set()
    assert {rule.replace("image", "link") for rule in OF_IMAGES} <= said


def test_every_rule_that_a_family_describes_is_used_in_it() -> None:
    """Each has a name there, which is read twice: for the book, and to report."""
    for path in described().keys() - {*filter(is_book, described())}:
        read = Counter(
            node.id
            for node in ast.walk(trees()[path])
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )
        for name in _named_rules(trees()[path]):
            assert read[name] > 1 or name in imported(), f"{path.name}: {name}"


def _named_rules(tree: ast.Module) -> Iterator[str]:
    """Give the names that a module gives to its rules."""
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if getattr(node.value.func, "id", "") == "Rule":
            yield from (t.id for t in node.targets if isinstance(t, ast.Name))


@pytest.mark.parametrize("rule", RULEBOOK.values(), ids=RULEBOOK)
def test_a_rule_says_what_why_and_how(rule: Rule) -> None:
    """Titles are phrases; reasons and remedies are one to three plain sentences."""
    assert re.fullmatch(r"[a-z0-9_]+(-[a-z0-9]+)*", rule.id)
    assert rule.title
    assert not rule.title.endswith(".")
    for text in (rule.why, rule.fix):
        assert text[0].isupper() or text[0] in "[`<"
        assert text.endswith((".", "?", ")", "`", "}"))
        assert 1 <= len(re.findall(r"[.?!](?:\s+(?=[A-Z`])|$)", text)) <= 4, text
        assert "  " not in text
