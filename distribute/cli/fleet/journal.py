"""What a worker tells of itself: lines for people, or JSON objects, a line each."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock

from distribute.campaign.fleet.batch import BatchId


class Journal:
    """Writes to standard error; JSON to standard output. From any thread.

    No address of a reader is in it.
    """

    def __init__(self, worker: str, clock: Callable[[], int], *, as_json: bool) -> None:
        self.worker = worker
        self._clock = clock
        self._as_json = as_json
        self._lock = Lock()
        self.names: dict[int, str] = {}
        """`Campaign.id` of campaigns, by their numbers, as far as they are known."""

    def say(self, words: str, batch: BatchId | None = None, **facts: object) -> None:
        """Tell something, of a batch or of the worker as a whole."""
        at = datetime.fromtimestamp(self._clock() / 1000, UTC).isoformat("T", "seconds")
        if self._as_json:
            said = {**self._place(batch), "said": words, **facts}
            line = json.dumps({"at": at, "worker": self.worker, **said})
        else:
            where = f" {self._words(batch)}:" if batch is not None else ""
            line = f"{at} {self.worker}{where} {words}"
        with self._lock, suppress(OSError):  # that nobody reads it stops no mail
            out = sys.stdout if self._as_json else sys.stderr
            print(line, file=out, flush=True)

    def _place(self, batch: BatchId | None) -> dict[str, object]:
        if batch is None:
            return {}
        return {"campaign": self._name(batch), "batch": batch.number}

    def _words(self, batch: BatchId) -> str:
        return f"batch {batch.number} of {self._name(batch)}"

    def _name(self, batch: BatchId) -> str:
        return self.names.get(batch.campaign) or f"campaign {batch.campaign}"
