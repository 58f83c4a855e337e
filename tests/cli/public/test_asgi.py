"""The public side for a server of one's own choice."""

import asyncio
from pathlib import Path

import httpx
import pytest

from distribute.cli.asgi import application
from distribute.errors import ConfigError
from tests.cli.serving import write_newsletter


def test_it_answers_for_the_folder_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And lets go of everything when the server ends."""
    folder = write_newsletter(tmp_path / "news")
    monkeypatch.setenv("DISTRIBUTE_DIR", str(folder))
    monkeypatch.setenv("DISTRIBUTE_SINK", "file")
    app = application()

    async def visit() -> list[int]:
        events = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))
        sent: list[str] = []
        answers: list[int] = []

        async def receive() -> dict[str, str]:
            event = next(events)
            if event["type"] == "lifespan.shutdown":
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(
                    transport=transport, base_url="https://news.example.org"
                ) as client:
                    for path in ("/healthz", "/subscribe"):
                        answers.append((await client.get(path)).status_code)
            return event

        async def send(message: dict[str, str]) -> None:
            sent.append(message["type"])

        await app({"type": "lifespan", "state": {}}, receive, send)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        return answers

    assert asyncio.run(visit()) == [200, 200]


def test_a_sink_that_there_is_not_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is opened."""
    folder = write_newsletter(tmp_path / "news")
    monkeypatch.setenv("DISTRIBUTE_DIR", str(folder))
    monkeypatch.setenv("DISTRIBUTE_SINK", "pigeon")
    with pytest.raises(ConfigError, match="pigeon"):
        application()
