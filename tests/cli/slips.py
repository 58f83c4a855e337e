"""Slips that authors make, put into a newsletter for `check` to find."""

from pathlib import Path

POST = "2026-10-09-the-village-that-switched-off.en.md"
BROKEN = "See [the council](www.obernacht.example.org/council) for more."


def add(folder: Path, text: str, *, head: str = "") -> Path:
    """Write something more into a post of the newsletter's one issue."""
    path = folder / "posts" / POST
    written = path.read_text("utf-8").replace("---\n", f"---\n{head}", 1)
    path.write_text(f"{written}\n{text}\n", encoding="utf-8")
    return path


def configure(folder: Path, table: str) -> None:
    """Write a table more into the settings."""
    path = folder / "distribute.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{table}\n", encoding="utf-8")
