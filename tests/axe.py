"""axe-core, which knows the rules of WCAG, asked about what a browser shows.

It is found through ``DISTRIBUTE_NODE_MODULES``; without it the test is skipped.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Complaint = tuple[str, str]
"""A rule, and the first element that breaks it."""
_RUN = "iframes => axe.run(document, { iframes, resultTypes: ['violations'] })"


@dataclass(frozen=True)
class Report:
    """What axe says of a document."""

    complaints: list[Complaint]
    serious: list[Complaint]
    """Those of them that keep somebody out."""
    passed: int
    """How many rules are kept."""


def ask_axe(tab: "Page", *, iframes: bool = True) -> Report:
    """Ask about the document in a tab, and about those in its frames."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(f"{_source()};0")
    found: dict[str, Any] = tab.evaluate(_RUN, iframes)
    violations = found["violations"]
    return Report(
        [_complaint(each) for each in violations],
        [_complaint(v) for v in violations if v["impact"] in {"serious", "critical"}],
        len(found["passes"]),
    )


def _complaint(violation: dict[str, Any]) -> Complaint:
    return violation["id"], violation["nodes"][0]["html"]


def _source() -> str:
    path = Path(os.environ.get("DISTRIBUTE_NODE_MODULES", ""), "axe-core/axe.min.js")
    if not path.is_file():
        pytest.skip("axe-core is missing; set DISTRIBUTE_NODE_MODULES")
    return path.read_text(encoding="utf-8")
