"""One log line per mail event, one verb each; ids instead of names, so that erasing a person is whole."""

import logging

from sequencer.core.outbox import OutboxRow
from sequencer.store.ledger import Settlement
from sequencer.store.outbox_new import NewMessage

logger = logging.getLogger("sequencer.mail")


class Troubles:
    """What was last said of each server of one mailbox: a fault that lasts is one line, its end another."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def say(self, mailbox: str, server: str, fault: str | None, level: int = logging.WARNING) -> None:
        """Log `fault` unless it was said last; None: the server (`inbox`, `smtp`) is well."""
        before = self._said.get(server)
        if fault is None:
            self._said.pop(server, None)
            if before is not None:
                mailbox_event(logging.INFO, f"{server} works again", mailbox, "")
        elif fault != before:
            self._said[server] = fault
            mailbox_event(level, f"{server} fails", mailbox, fault)


def settled(row: OutboxRow, settlement: Settlement) -> None:
    """An attempt ended: sent, deferred, refused, unsure, or back to ready."""
    level = logging.INFO if settlement.state.value == "sent" else logging.WARNING
    _say(level, settlement.state.value, row, settlement.reason)


def waits(row: OutboxRow, reason: str) -> None:
    """A due message stays where it is."""
    _say(logging.INFO, "waits", row, reason)


def held(mailbox: str, enrollment_id: int, contact_id: int, note: str) -> None:
    """An enrollment can't go on by itself."""
    detail = f"enrollment {enrollment_id} waits for a person: {note}"
    extra = {"mailbox": mailbox, "contact_id": contact_id, "detail": detail}
    logger.warning("held", extra=extra)


def released(row: OutboxRow, reason: str) -> None:
    """A gate closed between claim and the first content byte."""
    _say(logging.INFO, "released", row, reason)


def prepared(row_id: int, message: NewMessage) -> None:
    """A message was rendered into the outbox."""
    _log(
        logging.INFO,
        "prepared",
        {
            "mailbox": message.mailbox,
            "message_row": row_id,
            "contact_id": message.contact_id,
            "step": f"{message.sequence}/{message.step}",
            "detail": message.state.value,
        },
    )


def answered(mailbox: str, kind: str, contact_id: int | None, detail: str = "") -> None:
    """An incoming message that concerns a contact."""
    logger.info(kind, extra={"mailbox": mailbox, "contact_id": contact_id, "detail": detail})


def mailbox_event(level: int, verb: str, mailbox: str, detail: str) -> None:
    """Something about a whole mailbox: read, unreadable, paused."""
    logger.log(level, verb, extra={"mailbox": mailbox, "detail": detail})


def _say(level: int, verb: str, row: OutboxRow, detail: str) -> None:
    _log(
        level,
        verb,
        {
            "mailbox": row.mailbox,
            "message_row": row.id,
            "contact_id": row.contact_id,
            "step": f"{row.sequence}/{row.step}",
            "detail": detail,
        },
    )


def _log(level: int, verb: str, extra: dict[str, object]) -> None:
    """As `logger.log`, without walking the stack for the caller's line, which costs more than the rest."""
    if logger.isEnabledFor(level):
        logger.handle(logger.makeRecord(logger.name, level, __file__, 0, verb, (), None, extra=extra))
