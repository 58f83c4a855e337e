"""The program that compares our table of mail programs with the data of caniemail."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mail_clients import differing, main
from distribute.checks.styles.facts import Fact, known_facts


def as_data() -> dict[str, Any]:
    """Write what our table says in the form of caniemail's data."""
    return {"data": [_feature(fact) for fact in known_facts().facts]}


def _feature(fact: Fact) -> dict[str, Any]:
    stats: dict[str, dict[str, dict[str, str]]] = {}
    for client in known_facts().clients.values():
        verdict = (
            "n" if client.id in fact.no else "a #1" if client.id in fact.partly else "y"
        )
        for test in client.tests:
            family, _, platform = test.partition(".")
            versions = {"2019-02": "n", "2023-10": verdict}
            stats.setdefault(family, {})[platform] = versions
    return {"slug": fact.id, "last_test_date": f"{fact.tested}-01", "stats": stats}


def test_data_that_agree_differ_in_nothing() -> None:
    """The latest version of each program is what counts."""
    assert list(differing(as_data())) == []


def test_each_difference_is_named() -> None:
    """A later test, another verdict, a feature that is gone."""
    data = as_data()
    by_name = {feature["slug"]: feature for feature in data["data"]}
    by_name["css-gap"]["last_test_date"] = "2030-01-01"
    by_name["css-opacity"]["stats"]["outlook"]["windows"] = {
        "10": "n",
        "9.5": "y",
        "11": "y",
    }
    data["data"].remove(by_name["html-wbr"])
    assert list(differing(data)) == [
        "css-gap: tested 2030-01, here 2022-12",
        "css-opacity: outlook-windows is shown, here no",
        "html-wbr: the data know no such feature",
    ]


def test_the_program_says_how_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And its exit status is that of a check."""
    file = tmp_path / "data.json"
    data = as_data()
    file.write_text(json.dumps(data), "utf-8")
    assert main([str(file)]) == 0
    data["data"].pop()
    file.write_text(json.dumps(data), "utf-8")
    assert main([str(file)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 differences"
    assert main([]) == 2
