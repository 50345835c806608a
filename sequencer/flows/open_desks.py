"""Open desks: each mailbox with its courier and reader, and what works over the reader's connection."""

import threading
from collections.abc import Callable
from functools import partial

from sequencer.config import Mailbox
from sequencer.core.ports import Courier, MailBell, MailReader, SentFolder, SentHeads
from sequencer.core.providers import files_sent
from sequencer.flows.engine import Desk, Engine


def open_desks(
    engine: Engine,
    stop: threading.Event,
    want: Callable[[str, str], None],
    *,
    open_courier: Callable[[Mailbox], Courier],
    open_reader: Callable[[Mailbox], MailReader],
    open_sent_folder: Callable[[Mailbox, MailReader], SentFolder | None],
    open_sent_heads: Callable[[Mailbox, MailReader], SentHeads | None],
    open_bell: Callable[[Mailbox, MailReader], MailBell | None],
) -> dict[str, Desk]:
    """By mailbox, in the order of config.toml; nothing is dialled yet."""
    readers = {box.name: open_reader(box) for box in engine.config.mailboxes if box.imap}
    return {
        mailbox.name: Desk(
            engine=engine,
            mailbox=mailbox,
            courier=open_courier(mailbox),
            reader=(reader := readers.get(mailbox.name)),
            sent_folder=open_sent_folder(mailbox, reader) if reader else None,
            sent_heads=open_sent_heads(mailbox, reader) if reader else None,
            bell=open_bell(mailbox, reader) if reader else None,
            files_sent=files_sent(mailbox.provider, mailbox.smtp.host),
            stop=stop,
            want=partial(want, mailbox.name),
        )
        for mailbox in engine.config.mailboxes
    }
