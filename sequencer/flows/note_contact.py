"""Note: what a rep writes down of a contact, dated and signed, and the reasons they give."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sequencer.core.contact import Contact
from sequencer.core.contact_note import with_entry
from sequencer.errors import InputError
from sequencer.flows.engine import Engine
from sequencer.flows.find_contact import the_contact
from sequencer.store.contacts import contact_of, update_contacts
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record


def note_contact(engine: Engine, name: str, text: str, by: str) -> Contact:
    """Add an entry to the note of the contact `name` names. InputError when there is none, or no text."""
    if not text.strip():
        raise InputError("there is nothing to note")
    now = engine.clock.now()
    with engine.store.write() as tx:
        contact = the_contact(tx, name)
        return write_entry(tx, contact.id, text, by, now, engine.config.default_zone) or contact


def write_entry(tx: Tx, contact_id: int, text: str, by: str, now: datetime, zone: str) -> Contact | None:
    """Write an entry, dated in `zone`; the event says who and when, the words stand in the contact alone."""
    contact = contact_of(tx, contact_id)
    if contact is None or not text.strip():
        return contact
    day = now.astimezone(ZoneInfo(zone)).date()
    noted = replace(contact, note=with_entry(contact.note, text, by, day))
    update_contacts(tx, [noted], now)
    record(tx, now, Event(kind="noted", contact_id=contact_id, data={"by": by}))
    return noted
