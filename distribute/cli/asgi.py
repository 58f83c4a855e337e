"""The public side for a server of one's own choice, such as ``uvicorn --factory``.

``uvicorn --factory distribute.cli.asgi:application`` answers for the newsletter in the
folder that ``DISTRIBUTE_DIR`` names, and sends its letters by SMTP unless
``DISTRIBUTE_SINK`` says ``file``. Several processes may do so with one database.
"""

import os
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

from distribute.cli.invocation import current_time
from distribute.cli.newsletter.front import Front
from distribute.cli.newsletter.outlets import SINKS
from distribute.cli.public.household import open_house
from distribute.cli.serve import note, pictures_of
from distribute.errors import ConfigError
from distribute.web.public.app import application as public_side

Application: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
"""What ASGI calls so."""


def application() -> Application:
    """Make the application; it is opened at once and closed when the server ends."""
    front = Front(Path(os.environ.get("DISTRIBUTE_DIR", ".")))
    sink = os.environ.get("DISTRIBUTE_SINK", "smtp")
    if sink not in SINKS:
        raise ConfigError((f"DISTRIBUTE_SINK is {sink!r}",), hint="Say smtp or file.")
    stack = ExitStack()
    house = stack.enter_context(
        open_house(front, sink=sink, now=current_time(), log=note)
    )

    return public_side(house, pictures=pictures_of(front), during=stack)
