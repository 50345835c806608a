"""An event loop in a thread of its own, for servers that run beside the code that talks to them."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

_STOP_SECONDS = 10
T = TypeVar("T")


class LoopThread:
    """Runs from the start until `close`; several servers may share it."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """From any other thread: run `coroutine` in the loop and wait for what it returns or raises."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(_STOP_SECONDS)

    def close(self) -> None:
        """End the thread; the servers in it were stopped before."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_SECONDS)
        self._loop.close()
