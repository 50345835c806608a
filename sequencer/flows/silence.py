"""Silence: a mailbox that used to receive and does not any more is told of, once until mail comes again."""

from datetime import datetime

from sequencer.config import Config
from sequencer.core.silence import is_silent
from sequencer.flows.engine import Engine
from sequencer.flows.tell import tell_silent
from sequencer.store import mailboxes
from sequencer.store.engine import Tx
from sequencer.store.mailboxes import MailboxStatus


def silent_since(config: Config, status: MailboxStatus | None, now: datetime) -> datetime | None:
    """When its last mail came; None while nothing is amiss, or it is not read, which is another matter."""
    mailbox = config.mailbox(status.name) if status else None
    if status is None or mailbox is None or mailbox.imap is None or status.arrivals is None:
        return None
    if status.read_failed_at is not None or status.read_at is None:
        return None
    after = config.notices.silent_after_in
    # Of what came while nobody read nothing is known: it was silent up to the last reading.
    is_so = is_silent(status.arrivals, min(now, status.read_at), after, config.closures, mailbox.zone)
    return status.arrivals.last_at if is_so else None


class Silences:
    """Looks for silent mailboxes again and again, and writes only when it finds another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told: set[tuple[str, datetime]] = set()

    def tell(self, now: datetime) -> None:
        """Queue what is not queued yet."""
        with self._engine.store.read() as tx:
            found = _silent(tx, self._engine.config, now) - self._told
        if found:
            with self._engine.store.write() as tx:
                for name, since in sorted(found):
                    tell_silent(tx, self._engine, name, since, now)
            self._told |= found


def _silent(tx: Tx, config: Config, now: datetime) -> set[tuple[str, datetime]]:
    looks = ((one.name, silent_since(config, one, now)) for one in mailboxes.statuses(tx))
    return {(name, since) for name, since in looks if since is not None}
