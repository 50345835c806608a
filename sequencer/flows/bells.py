"""Bells: a server that says when mail comes wakes its mailbox; a hint only, polling goes on beneath it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sequencer.flows import mail_log
from sequencer.flows.engine import Desk, Engine
from sequencer.flows.tick import Ticked

WORTH_IT_FROM = timedelta(seconds=3)
"""A mailbox that is looked at sooner anyway does not wait for a bell."""
APART_IN, LONGEST_APART_IN = timedelta(seconds=2), timedelta(minutes=1)
"""Between two wakings that brought nothing (somebody reads mail in webmail, say): longer each time."""
SHORT_IN = timedelta(minutes=1)
BROKEN_BEFORE_GIVING_UP = 3
"""Waits in a row that ended within `SHORT_IN` because the connection was gone."""
GIVEN_UP_IN = timedelta(hours=1)


@dataclass(slots=True)
class _State:
    """What one mailbox's bell has shown; touched by its own thread alone, but for `has_rung`."""

    listened_at: float | None = None
    has_rung: bool = False
    barren: int = 0
    """Wakings in a row that brought nothing."""
    broken: int = 0
    silent_until: float = 0.0


class Bells:
    """One for a daemon. `before` and `after` frame each turn of a mailbox, in that mailbox's thread."""

    def __init__(self, engine: Engine, wake: Callable[[str], None]) -> None:
        self._engine = engine
        self._wake = wake
        self._states: dict[str, _State] = {}

    def before(self, desk: Desk) -> None:
        """The mailbox is going to use its connection: it stops waiting for mail."""
        state = self._states.setdefault(desk.mailbox.name, _State())
        if desk.bell is None or state.listened_at is None:
            return
        waited_in = self._engine.clock.monotonic() - state.listened_at
        state.listened_at = None
        if desk.bell.hush():
            state.broken = 0
        elif waited_in < SHORT_IN.total_seconds():
            self._note_broken(desk, state)

    def after(self, desk: Desk, ticked: Ticked) -> None:
        """The mailbox has nothing to do for now: its server may say when mail comes."""
        name = desk.mailbox.name
        state, now = self._states.setdefault(name, _State()), self._engine.clock.monotonic()
        state.barren = 0 if ticked.read else state.barren + (1 if state.has_rung else -1)
        state.barren, state.has_rung = max(state.barren, 0), False
        if desk.bell is None or not self._is_worth_it(ticked) or now < state.silent_until:
            return
        apart_in = min(APART_IN * 2 ** min(state.barren - 1, 10), LONGEST_APART_IN)
        quiet_in = apart_in if state.barren else timedelta()
        if desk.bell.listen(partial(self._ring, name, state), quiet_in):
            state.listened_at = now
        else:
            state.silent_until = now + GIVEN_UP_IN.total_seconds()

    def _ring(self, name: str, state: _State) -> None:
        state.has_rung = True
        self._wake(name)

    def _is_worth_it(self, ticked: Ticked) -> bool:
        if not ticked.is_read_ok or self._engine.config.limits.poll_every_in < WORTH_IT_FROM:
            return False
        now: datetime = self._engine.clock.now()
        return ticked.next_at is None or ticked.next_at - now >= WORTH_IT_FROM

    def _note_broken(self, desk: Desk, state: _State) -> None:
        state.broken += 1
        if state.broken >= BROKEN_BEFORE_GIVING_UP:
            state.broken = 0
            state.silent_until = self._engine.clock.monotonic() + GIVEN_UP_IN.total_seconds()
            detail = "its server breaks IDLE off; it is read every poll_every alone for an hour"
            mail_log.mailbox_event(logging.INFO, "no bell", desk.mailbox.name, detail)
