"""Reply bytes: a rep's answer as it goes out, the same bytes each time they are asked for."""

from sequencer.config import Mailbox
from sequencer.core.message import MessageParts, Party, assemble
from sequencer.core.outbox import Headers
from sequencer.core.ports import Outgoing
from sequencer.core.reply import Reply
from sequencer.errors import SequencerError
from sequencer.files.loose_files import encoded_file
from sequencer.flows.engine import Engine
from sequencer.store import contacts


def bytes_of(engine: Engine, mailbox: Mailbox, reply: Reply) -> Outgoing:
    """Envelope and bytes; SequencerError when they are too large, or a file is gone or another by now.

    No List-Unsubscribe: it is one person's answer to another, and that one wrote last.
    """
    watched = engine.config.mailbox(mailbox.reader_name)
    reply_to = watched.address if mailbox.replies_in and watched is not None else None
    try:
        outgoing = assemble(
            MessageParts(
                sender=Party(address=mailbox.address, name=mailbox.display_name),
                recipient=Party(address=reply.address, name=_name(engine, reply)),
                headers=Headers(
                    message_id=reply.message_id,
                    date_at=reply.date_at,
                    subject=reply.subject,
                    in_reply_to=reply.in_reply_to,
                    references=reply.references,
                ),
                zone=mailbox.zone,
                text=reply.text,
                html=reply.html,
                reply_to=Party(address=reply_to, name=mailbox.display_name) if reply_to else None,
                attachments=tuple(encoded_file(one) for one in reply.attachments),
            )
        )
    except ValueError as error:
        raise SequencerError(str(error)) from None
    size, most = sum(map(len, outgoing.pieces)), engine.config.limits.max_message_bytes
    if size > most:
        raise SequencerError(
            f"the answer has {size:,} bytes, more than the {most:,} of limits.max_message_bytes",
            hint="attach less, or link to a shared file",
        )
    return outgoing


def _name(engine: Engine, reply: Reply) -> str:
    """The contact's name where it is the contact's own address: a colleague has another."""
    with engine.store.read() as tx:
        contact = contacts.contact_of(tx, reply.contact_id)
    return contact.name if contact is not None and contact.address_key == reply.address_key else ""
