"""What a plan's messages must fit under: the pace and caps of each mailbox, and what was sent before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sequencer.config import Config, Mailbox
from sequencer.core.caps import Cap, CapKey, CapKind, buyer_caps, mailbox_caps, new_cap
from sequencer.core.contact import Contact
from sequencer.core.mailbox_queue import MailboxPace
from sequencer.core.pacing import ROLLING_DAY
from sequencer.store import cap_counts, plan_times
from sequencer.store.engine import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """How fast each mailbox may write, and what counts against the caps that are not a mailbox's own."""

    mailboxes: dict[str, MailboxPace]
    spent: dict[CapKey, list[datetime]]


def paces_at(config: Config, tx: Tx, start: datetime) -> Paces:
    """As things stand when the plan begins."""
    young = [box.name for box in config.mailboxes if box.ramp_from is not None]
    first_sent = cap_counts.first_sent(tx, young)
    caps = {box.name: mailbox_caps(config, box, first_sent.get(box.name)) for box in config.mailboxes}
    # A date may be an hour longer than a day.
    since = min((cap.since(start) for of in caps.values() for cap in of), default=start - ROLLING_DAY)
    sending_times: dict[str, list[datetime]] = defaultdict(list)
    spent: dict[CapKey, list[datetime]] = defaultdict(list)
    for one in plan_times.spent_since(tx, since):
        sending_times[one.mailbox].append(one.at)
        if one.is_first:
            spent[CapKind.NEW, one.mailbox].append(one.at)
        if one.company is not None:
            spent[CapKind.COMPANY, one.company].append(one.at)
        spent[CapKind.CONTACT, str(one.contact_id)].append(one.at)
    last_at = plan_times.last_sending(tx)
    boxes = {
        box.name: _pace(box, caps[box.name], sending_times[box.name], last_at.get(box.name))
        for box in config.mailboxes
    }
    return Paces(mailboxes=boxes, spent=dict(spent))


def caps_of(config: Config, contact: Contact) -> tuple[Cap, ...]:
    """What bounds the messages to a contact, whoever writes."""
    return buyer_caps(config.limits, contact=str(contact.id), domain=contact.domain)


def _pace(
    mailbox: Mailbox, caps: tuple[Cap, ...], sending_times: list[datetime], last_at: datetime | None
) -> MailboxPace:
    return MailboxPace(
        name=mailbox.name,
        caps=caps,
        new_cap=new_cap(mailbox),
        min_gap_in=mailbox.min_gap_in,
        jitter_in=mailbox.gap_jitter_in,
        sending_times=tuple(sending_times),
        last_at=last_at,
    )
