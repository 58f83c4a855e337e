"""The command line: the only place that prints, exits, reads the clock or the environment."""


def main() -> None:
    """Run one command."""
