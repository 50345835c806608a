"""SQLAlchemy without asyncio, which it imports at its start and needs for drivers that nothing here uses.

asyncio and what comes with it are 1.5 MB of every process. Whatever asks it for anything gets the real one.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_NAME = "asyncio"


class _Later(ModuleType):
    """Stands where the module would, and loads it when something of it is wanted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        step_aside()
        return getattr(import_module(_NAME), name)

    def iscoroutine(self, one: object) -> bool:
        """The one function that SQLAlchemy takes out of it at once, to call it later."""
        return bool(self.__getattr__("iscoroutine")(one))


def stand_in() -> None:
    """Until `step_aside`, `import asyncio` loads nothing; without effect where it is loaded already."""
    sys.modules.setdefault(_NAME, _Later(_NAME))


def step_aside() -> None:
    """Whoever imports asyncio from now on gets the real one."""
    if isinstance(sys.modules.get(_NAME), _Later):
        del sys.modules[_NAME]
