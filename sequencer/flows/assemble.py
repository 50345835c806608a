"""Assemble: an outbox row's headers are minted and its bytes put together, attachments encoded once."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sequencer.config import Mailbox
from sequencer.core.contact import Contact
from sequencer.core.message import MessageParts, Party, assemble, mint_message_id, unsubscribe_uri
from sequencer.core.outbox import Headers, OutboxRow
from sequencer.core.ports import Outgoing
from sequencer.core.threading import ThreadLink, thread_headers
from sequencer.core.token import unsubscribe_token
from sequencer.errors import SequencerError
from sequencer.flows.engine import Engine
from sequencer.store import contacts, outbox


def mint_headers(engine: Engine, mailbox: Mailbox, row: OutboxRow, now: datetime) -> Headers:
    """The row's headers: those of its first try, else minted now, in the thread of what was sent before.

    SequencerError when it has no subject and nothing was sent before.
    """
    if row.headers is not None:
        return row.headers
    with engine.store.read() as tx:
        earlier = outbox.of_enrollment(tx, row.enrollment_id)
    return mint_after(earlier, mailbox, row, now)


def mint_after(earlier: Iterable[OutboxRow], mailbox: Mailbox, row: OutboxRow, now: datetime) -> Headers:
    """As `mint_headers` for a first try, when the enrollment's other messages are known."""
    links = [_link(one) for one in earlier if one.id != row.id and one.headers is not None]
    try:
        thread = thread_headers([link for link in links if link is not None], row.content.subject)
    except ValueError as error:
        raise SequencerError(str(error), hint="give the step or its template a subject") from None
    return Headers(
        message_id=mint_message_id(mailbox.domain, secrets.token_hex(16)),
        date_at=now,
        subject=thread.subject,
        in_reply_to=thread.in_reply_to,
        references=thread.references,
    )


def assemble_row(engine: Engine, mailbox: Mailbox, row: OutboxRow, headers: Headers) -> Outgoing:
    """The row's envelope and bytes; SequencerError when they are too large or a value can't be a header's."""
    with engine.store.read() as tx:
        contact = contacts.contact_of(tx, row.contact_id)
    return assemble_for(contact, engine, mailbox, row, headers)


def assemble_for(
    contact: Contact | None, engine: Engine, mailbox: Mailbox, row: OutboxRow, headers: Headers
) -> Outgoing:
    """As `assemble_row`, for a contact who is known already."""
    watched = engine.config.mailbox(mailbox.reader_name)
    if watched is None:
        raise SequencerError(f"nobody reads the answers to mailbox {mailbox.name!r}")
    token = unsubscribe_token(engine.key, row.enrollment_id)
    try:
        outgoing = assemble(
            MessageParts(
                sender=Party(address=mailbox.address, name=mailbox.display_name),
                recipient=Party(address=row.address, name=contact.name if contact else ""),
                headers=headers,
                zone=mailbox.zone,
                text=row.content.text,
                html=row.content.html,
                reply_to=Party(address=watched.address, name=mailbox.display_name)
                if mailbox.replies_in
                else None,
                list_unsubscribe=(unsubscribe_uri(watched.address, token),),
                attachments=tuple(engine.encoded.get(a) for a in row.content.attachments),
            )
        )
    except ValueError as error:
        raise SequencerError(str(error)) from None
    size = sum(map(len, outgoing.pieces))
    if size > engine.config.limits.max_message_bytes:
        raise SequencerError(
            f"the message has {size:,} bytes, more than limits.max_message_bytes allows",
            hint="shrink the attachment, or raise the limit",
        )
    return outgoing


def _link(row: OutboxRow) -> ThreadLink | None:
    if row.headers is None:
        return None
    return ThreadLink(
        message_id=row.headers.message_id,
        subject=row.headers.subject,
        state=row.state,
        is_root=row.headers.in_reply_to is None,
        wire_id=row.wire_id,
    )
