"""The table about checks."""

from distribute.checks.settings import CheckSettings
from distribute.checks.waiver import Waiver
from distribute.config.interpreter import Interpreter
from distribute.config.reading import line_of
from distribute.config.tables import CheckTable


def read_check(table: CheckTable, reader: Interpreter) -> CheckSettings:
    """Say which rules are off, and why.

    Whether there are such rules is asked by `distribute check` and before a sending: the
    book of them is more than every command should load.
    """
    problems = reader.problems
    waivers = []
    for rule, reason in table.off.items():
        key = f"check.off.{rule}"
        if not reason.strip():
            problems.add(key, "say in a few words why the rule is off")
        waivers.append(
            Waiver(
                rule=rule,
                reason=" ".join(reason.split()),
                path=problems.path,
                line=line_of(problems.text, key),
                covers_all=True,
            )
        )
    return CheckSettings(
        waivers=tuple(waivers),
        strict=table.strict,
        clients=_clients(table.clients, reader),
    )


def _clients(names: list[str], reader: Interpreter) -> frozenset[str]:
    """Read which mail programs count."""
    if names:
        from distribute.checks.styles.facts import known_facts  # reads a file

        known = known_facts().clients
        for name in names:
            if name not in known:
                reader.problems.add(
                    "check.clients",
                    f"{name!r} is no mail program we know of: {', '.join(known)}",
                )
    return frozenset(names)
