"""Compare what is said of mail programs with the data of caniemail.

Fetch https://www.caniemail.com/api/data.json, then say::

    python -m benchmarks.mail_clients data.json

Every line that no longer agrees is named, with what the data say. The table is mended by
hand: some facts hold for single values only, and are no for a program where the data say
"partly". The exit status is 1 if anything differs.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from distribute.checks.styles.facts import Client, Fact, known_facts

_PART = re.compile(r"\d+")
_RANK = {"y": 0, "u": 0, "?": 0, "a": 1, "n": 2}
_VERDICTS = ("shown", "partly", "no")


def main(arguments: list[str]) -> int:
    """Print what differs; gives the exit status."""
    if len(arguments) != 1:
        sys.stdout.write(f"{__doc__}\n")
        return 2
    data = json.loads(Path(arguments[0]).read_text("utf-8"))
    differences = list(differing(data))
    lines = (*differences, f"{len(differences)} differences", "")
    sys.stdout.write("\n".join(lines))
    return 1 if differences else 0


def differing(data: Mapping[str, Any]) -> Iterator[str]:
    """Say in one line each what the table says and the data do not."""
    known = known_facts()
    features = {feature["slug"]: feature for feature in data["data"]}
    for fact in known.facts:
        feature = features.get(fact.id)
        if feature is None:
            yield f"{fact.id}: the data know no such feature"
            continue
        if (tested := feature["last_test_date"][:7]) != fact.tested:
            yield f"{fact.id}: tested {tested}, here {fact.tested}"
        for client in known.clients.values():
            said, found = _said(fact, client), _found(feature, client)
            if said != found:
                yield f"{fact.id}: {client.id} is {found}, here {said}"


def _said(fact: Fact, client: Client) -> str:
    if client.id in fact.no:
        return "no"
    return "partly" if client.id in fact.partly else "shown"


def _found(feature: Mapping[str, Any], client: Client) -> str:
    """Give the worst of the latest versions of all that a client stands for."""
    ranks = [0]
    for test in client.tests:
        family, _, platform = test.partition(".")
        versions = feature["stats"].get(family, {}).get(platform, {})
        if versions:
            latest = max(versions, key=lambda v: [int(n) for n in _PART.findall(v)])
            ranks.append(_RANK[versions[latest][0]])
    return _VERDICTS[max(ranks)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
