"""Rehearse: one writing transaction, done or only tried out."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from sequencer.store.engine import Store, Tx

T = TypeVar("T")


class _Rehearsed(Exception):
    """Ends the transaction of a dry run: nothing of it stays."""


def written(store: Store, do: Callable[[Tx], T], *, is_dry_run: bool) -> T:
    """What `do` returns; in a dry run everything it wrote is rolled back."""
    results: list[T] = []
    try:
        with store.write() as tx:
            results.append(do(tx))
            if is_dry_run:
                _forget()
    except _Rehearsed:
        pass
    return results[0]


def _forget() -> NoReturn:
    raise _Rehearsed
