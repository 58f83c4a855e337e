"""Run by Python at its start in the processes of ``pytest --store postgresql``.

Modules of `distribute` that open files are changed by `tests.placement` when they are
imported, and no sooner: what a command imports stays as it is.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

_CHANGES = {
    "distribute.audience.database.database": "take_over",
    "distribute.campaign.run.ahead": "follow",
}
"""Which function of `tests.placement` changes which module."""


class _Watch(MetaPathFinder):
    """Finds modules as Python does, and adds to their loading."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _CHANGES:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_change(module: ModuleType) -> None:
                load(module)
                _change(module)

            spec.loader.exec_module = load_and_change  # type: ignore[method-assign] # one loader per module
        return spec


def _change(module: ModuleType) -> None:
    root = str(Path(__file__).parents[2])
    if root not in sys.path:
        sys.path.append(root)
    placement = importlib.import_module("tests.placement")
    getattr(placement, _CHANGES[module.__name__])(module)


if "DISTRIBUTE_TESTS_PLACES" in os.environ:
    sys.meta_path.insert(0, _Watch())
