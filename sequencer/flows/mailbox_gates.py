"""The gates of the mailbox and the clock: what `why` says of each."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sequencer.core.outbox import OutboxState
from sequencer.core.spans import span_in_words
from sequencer.core.why import GateLine, GateName
from sequencer.core.windows import why_closed
from sequencer.errors import SequencerError
from sequencer.flows import own_gates
from sequencer.flows.gate_look import Look, shut_for_person
from sequencer.flows.status import DaemonState, daemon_state
from sequencer.flows.turn import ahead_of
from sequencer.store import gates, mailboxes, runs, slow_down
from sequencer.store.gates import Gate

G = GateName


def _mailbox(look: Look) -> GateLine:
    name = look.message.row.mailbox
    if look.message.mailbox is None:
        return shut_for_person(
            G.MAILBOX, f"{name} is not in config.toml", "put it back, or stop the enrollment"
        )
    status = next((one for one in mailboxes.statuses(look.tx) if one.name == name), None)
    if status is None:
        return GateLine(gate=G.MAILBOX, measured=f"{name}, not used yet")
    if Gate.MAILBOX in look.shut:
        return shut_for_person(
            G.MAILBOX, f"{name} is paused: {status.pause_reason}", f"sequencer mailboxes resume {name}"
        )
    asked = slow_down.asked_of(look.tx, name, look.now)
    if asked is not None:
        words = f"the server of {name} asked it to send less: {asked.reason}"
        return GateLine(gate=G.MAILBOX, measured=words, is_open=False, opens_at=asked.until)
    return GateLine(gate=G.MAILBOX, measured=f"{name} is not paused")


def _daemon(look: Look) -> GateLine:
    state = daemon_state(runs.latest(look.tx), look.now)
    if state is DaemonState.RUNNING:
        return GateLine(gate=G.DAEMON, measured="running")
    words = {
        DaemonState.NEVER: "never started in this workspace",
        DaemonState.STOPPED: "stopped",
        DaemonState.DEAD: "died: its heartbeat is old",
    }
    return shut_for_person(G.DAEMON, words[state], "sequencer run")


def _inbox(look: Look) -> GateLine:
    row, box = look.message.row, look.message.mailbox
    found = gates.readings(look.tx, row.id if look.message.is_prepared else row)
    if not found:
        return GateLine(gate=G.INBOX, measured="nobody has written to them yet")
    limit = look.engine.config.limits.max_inbox_age_in
    told = "; ".join(_read_words(one, look.now) for one in found)
    told = f"{told} (limit {_span(limit)})"
    if Gate.INBOX not in look.shut:
        return GateLine(gate=G.INBOX, measured=told)
    stale = [one for one in found if one.read_at is None or look.now - one.read_at > limit]
    if any(one.failed_at is not None for one in stale):
        return shut_for_person(G.INBOX, told, "mend what its fault says; it is tried again by itself")
    known = {one.name for one in look.engine.config.mailboxes if one.imap is not None}
    if not {one.reader for one in stale} <= known:
        return shut_for_person(
            G.INBOX, told, "name under [[retired]] in config.toml who reads its answers now"
        )
    if box is not None and box.imap is not None and {one.reader for one in stale} == {box.name}:
        return GateLine(gate=G.INBOX, measured=f"{told}; the mailbox's next turn reads it first")
    return GateLine(gate=G.INBOX, measured=f"{told}; it is read next", is_open=False)


def _read_words(one: gates.Reading, now: datetime) -> str:
    if one.failed_at is not None:
        return f"{one.reader} unread since {one.failed_at:%Y-%m-%d %H:%M}Z: {one.failure}"
    if one.read_at is None:
        return f"{one.reader} never read"
    return f"{one.reader} read {_span(now - one.read_at)} ago"


def _span(span: timedelta) -> str:
    """`90 s`, not `1 min`: it is held against a limit."""
    return span_in_words(max(span, timedelta(0)), least=2)


def _due(look: Look) -> GateLine:
    row, one = look.message.row, look.enrollment
    if row.retry_at is not None and row.retry_at > max(look.now, row.due_at):
        again = "tried again later" if row.state is OutboxState.DEFERRED else "looked at again later"
        return GateLine(
            gate=G.DUE,
            measured=f"{again}: {row.reason}",
            is_open=False,
            opens_at=row.retry_at,
            mend="a restart of `sequencer run` looks at once" if row.state is OutboxState.READY else "",
        )
    if row.due_at > look.now:
        return GateLine(gate=G.DUE, measured="not yet", is_open=False, opens_at=row.due_at)
    is_set = look.message.is_prepared or look.message.task or one.hold or one.prepare_at is not None
    if not is_set:
        words = "its step was never set"
        return shut_for_person(G.DUE, words, f"sequencer enrollments pause {one.id}, then resume {one.id}")
    return GateLine(gate=G.DUE, measured=f"due since {row.due_at:%Y-%m-%d %H:%M}Z")


def _window(look: Look) -> GateLine:
    try:
        found = own_gates.opening(look.engine, look.tx, look.message.row, look.now)
    except SequencerError as error:
        return shut_for_person(G.WINDOW, str(error), error.hint or "mend the window in config.toml")
    if found is None:
        return shut_for_person(G.WINDOW, "the contact is gone")
    rhythm, name = found.rhythm, found.window.name
    if found.is_open:
        return GateLine(gate=G.WINDOW, measured=f"{name} is open")
    rule = why_closed(look.now, rhythm.window, rhythm.place, rhythm.closures, rhythm.sender_zone)
    return GateLine(gate=G.WINDOW, measured=f"{name}: {rule}", is_open=False, opens_at=found.opens_at)


def _gap(look: Look) -> GateLine:
    box, row = look.message.mailbox, look.message.row
    if box is None:
        return GateLine(gate=G.GAP, measured="no mailbox to measure")
    # The pause of whoever goes first holds everybody behind it.
    rows = (row, *ahead_of(look.engine, look.tx, box, look.message, look.now).due)
    over_at = max(own_gates.gap_over_at(look.engine, look.tx, box, one, look.now) for one in rows)
    words = f"{_span(own_gates.pause_before(look.engine, box, row))} after the mailbox's last message"
    if over_at > look.now:
        return GateLine(gate=G.GAP, measured=words, is_open=False, opens_at=over_at)
    return GateLine(gate=G.GAP, measured=words)


def _turn(look: Look) -> GateLine:
    box = look.message.mailbox
    if box is None:
        return GateLine(gate=G.TURN, measured="no mailbox to measure")
    ahead = ahead_of(look.engine, look.tx, box, look.message, look.now)
    count = len(ahead.leaving)
    if not count:
        return GateLine(gate=G.TURN, measured="nothing that may leave goes first")
    words = f"{count} message{'' if count == 1 else 's'} of {box.name} may leave first"
    if not ahead.holds_back:
        return GateLine(gate=G.TURN, measured=f"{words}, at once")
    return GateLine(gate=G.TURN, measured=words, is_open=False, opens_at=ahead.over_at)


QUESTIONS: tuple[Callable[[Look], GateLine], ...] = (_mailbox, _daemon, _inbox, _due, _window)
"""Those asked before the caps."""
PACE: tuple[Callable[[Look], GateLine], ...] = (_gap, _turn)
"""Those asked after them."""
