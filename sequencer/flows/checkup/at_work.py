"""At work: the daemon, the clock it lives by, its mailboxes, and what waits for a person."""

from collections.abc import Iterator
from datetime import timedelta

from sequencer.core.checkup import Check, bad, fine, warning
from sequencer.core.spans import span_in_words
from sequencer.flows.checkup.ground import Ground
from sequencer.flows.mailbox_lines import MailboxLine, mailbox_lines
from sequencer.flows.status import DaemonState, daemon_state
from sequencer.store import checkup, counts, runs

CLOCK_SLACK = timedelta(minutes=5)
UNREAD_FROM = timedelta(minutes=15)
"""A daemon reads every half minute; a server may be away for a while."""
NOTICE_LATE_FROM = timedelta(hours=1)


def daemon(ground: Ground) -> Iterator[Check]:
    """Whether somebody sends and reads."""
    if ground.store is None:
        return
    with ground.store.read() as tx:
        run = runs.latest(tx)
    state = daemon_state(run, ground.now)
    if run is None or state is DaemonState.NEVER:
        yield warning("daemon", "never started", "sequencer run")
        return
    who = f"process {run.pid} on {run.host}"
    if state is DaemonState.RUNNING:
        yield fine("daemon", f"running: {who}, since {run.started_at:%Y-%m-%d %H:%M}Z")
    elif state is DaemonState.STOPPED:
        yield warning("daemon", f"stopped at {run.stopped_at:%Y-%m-%d %H:%M}Z", "sequencer run")
    else:
        what = f"it died: no sign of life of {who} since {run.beat_at:%Y-%m-%d %H:%M}Z"
        yield bad("daemon", what, "start it again (sequencer run); it takes up where it stopped")


def clock(ground: Ground) -> Iterator[Check]:
    """Nothing that happened may lie ahead of now."""
    if ground.store is None:
        return
    with ground.store.read() as tx:
        latest = checkup.latest_instant(tx)
    if latest is not None and latest - ground.now > CLOCK_SLACK:
        span = span_in_words(latest - ground.now)
        what = f"the database knows of things {span} ahead of now: the clock was, or is, wrong"
        yield bad("clock", what, "set the clock by NTP; see docs/operations.md")
    else:
        yield fine("clock", f"{ground.now:%Y-%m-%d %H:%M:%S}Z, and nothing lies ahead of it")


def mailboxes(ground: Ground) -> Iterator[Check]:
    """Who may send and is read."""
    if ground.store is None or ground.config is None:
        return
    with ground.store.read() as tx:
        lines = mailbox_lines(tx, ground.config, ground.now)
        is_running = daemon_state(runs.latest(tx), ground.now) is DaemonState.RUNNING
    for line in lines:
        if line.is_configured:
            yield _mailbox(line, ground, is_running=is_running)


def _mailbox(line: MailboxLine, ground: Ground, *, is_running: bool) -> Check:
    name = f"mailbox {line.name}"
    if line.paused_at is not None:
        mend = f"mend it, then: sequencer mailboxes resume {line.name}"
        return bad(name, f"paused: {line.pause_reason}", mend)
    if line.read_failed_at is not None:
        what = f"unread since {line.read_failed_at:%Y-%m-%d %H:%M}Z: {line.read_failure}"
        return bad(name, what, "no follow-up leaves until it can be read")
    if is_running and (line.read_at is None or ground.now - line.read_at > UNREAD_FROM):
        since = f"since {line.read_at:%Y-%m-%d %H:%M}Z" if line.read_at else "so far"
        return bad(name, f"unread {since}, though the daemon runs", "see its log")
    if line.silent_since is not None:
        what = f"it used to receive, and nothing has come since {line.silent_since:%Y-%m-%d %H:%M}Z"
        return warning(name, what, "send it a mail from outside; look at forwarding, quota and MX records")
    what = f"{line.sent_24h} of {line.cap_today} sent in 24 h"
    return fine(name, f"{what}; {line.ramp}" if line.ramp else what)


def waiting(ground: Ground) -> Iterator[Check]:
    """Messages of which nobody knows whether they left, and notices that did not arrive."""
    if ground.store is None:
        return
    with ground.store.read() as tx:
        unsure = counts.outbox_by_state(tx).get("unsure", 0)
        late = checkup.late_notices(tx, ground.now - NOTICE_LATE_FROM)
        failed = checkup.failed_notices(tx, ground.now - timedelta(days=7))
    if unsure:
        mend = "look for them in Sent, then `sequencer outbox resolve ID [--sent | --resend]`"
        yield warning("unsure", f"{unsure} messages may have left or not", mend)
    if late or failed:
        what = f"{late} notices are late, {failed} were given up in 7 days"
        yield warning("notices", what, "see the log for why")
