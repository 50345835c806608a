"""A mailbox pauses itself when going on would burn it; a person who mended the cause resumes it."""

import logging
from datetime import datetime

from sequencer.core.health import COMPLAINTS_OF, why_pause
from sequencer.flows import mail_log
from sequencer.flows.engine import Engine
from sequencer.flows.tell import tell_paused
from sequencer.store import health, mailboxes
from sequencer.store.engine import Tx


def pause_if_it_must(tx: Tx, engine: Engine, mailbox: str, now: datetime) -> bool:
    """To be asked whenever a message was refused, bounced or complained of; whether it paused just now."""
    reason = why_pause(health.last_fates(tx, mailbox, COMPLAINTS_OF), engine.config.limits)
    if reason is None or not mailboxes.pause(tx, [mailbox], reason, now):
        return False
    tell_paused(tx, engine, mailbox, now)
    words = f"it paused itself: {reason}; then `sequencer mailboxes resume {mailbox}`"
    mail_log.mailbox_event(logging.ERROR, "paused", mailbox, words)
    return True
