"""The load of a plan: a strip of days for each mailbox, when its batch ends, and the caps that bind."""

from datetime import datetime
from typing import TYPE_CHECKING

from sequencer.cli.session import Session
from sequencer.core.caps import CapKind
from sequencer.core.plan_load import BindingLoad, MailboxLoad, loads_of

if TYPE_CHECKING:
    from sequencer.core.forecast import Forecast, PlannedMessage


def loads(session: Session, found: "Forecast", start: datetime, days: int) -> list[MailboxLoad]:
    """What the plan asks of each mailbox."""
    zones = {box.name: box.zone for box in session.config.mailboxes}
    return loads_of(found, zones=zones, start=start, days=days)


def say_load(load: list[MailboxLoad], *, is_from_today: bool) -> None:
    """Nothing when nothing leaves."""
    from sequencer.cli.output import say, say_table

    if not load:
        return
    say()
    heading = f"days from {load[0].days[0].day:%a %Y-%m-%d}: · none, █ the cap"
    rows = [
        (one.mailbox, _caps(one), one.strip, one.total, f"{one.fullest.day:%a %m-%d}: {one.fullest.messages}")
        for one in load
    ]
    say_table(("mailbox", "cap", heading, "messages", "fullest day"), rows)
    for one in load:
        for line in _lines(one, "today" if is_from_today else f"{one.days[0].day:%a %Y-%m-%d}"):
            say(f"{one.mailbox}: {line}")


def _caps(load: MailboxLoad) -> str:
    first, greatest = load.caps
    return f"{first}-{greatest}" if greatest > first else str(first)


def _lines(load: MailboxLoad, first_day: str) -> list[str]:
    """What a reader wants to know beside the strip, a line each."""
    from sequencer.cli.local_time import shown

    lines = []
    if load.first_day_ends_at is not None:
        ends = shown(load.first_day_ends_at, load.zone)
        lines.append(f"the last of {first_day} leaves at {ends} ({load.zone})")
    if load.batch_ends_at is not None and load.batch_ends_at != load.first_day_ends_at:
        ends = shown(load.batch_ends_at, load.zone)
        lines.append(f"the batch of first mails ends at {ends} ({load.zone}), at today's caps")
    elif load.first_mails_later:
        lines.append(f"{_mails(load.first_mails_later)} only after these days, at today's caps")
    for one in load.bindings:
        waiting = "1 message waits" if one.messages == 1 else f"{one.messages} messages wait"
        goes_on = "not in these days"
        if one.goes_on_at is not None:
            goes_on = f"the first until {shown(one.goes_on_at, load.zone)} ({load.zone})"
        lines.append(f"from {one.day:%a %Y-%m-%d} on {_cap(one)} binds: {waiting} for it, {goes_on}")
    return lines


def _mails(count: int) -> str:
    return "1 first mail leaves" if count == 1 else f"{count} first mails leave"


def _cap(load: BindingLoad) -> str:
    """Whose limit it is, as a reader knows it."""
    of = load.binding.cap.of
    match load.binding.cap.kind:
        case CapKind.MAILBOX:
            return f"its cap ({load.limit} in 24 hours)"
        case CapKind.DATE:
            return f"its date cap ({load.limit} a date)"
        case CapKind.NEW:
            return f"its cap of new contacts ({load.limit} in 24 hours)"
        case CapKind.GROUP:
            return f"the cap of group {of} ({load.limit} in 24 hours)"
        case CapKind.COMPANY:
            return f"the cap of a company ({load.limit} in 24 hours, {of} first)"
        case CapKind.CONTACT:
            return f"the cap of a contact ({load.limit} in 24 hours)"


def kept_by(message: "PlannedMessage") -> str:
    """The caps that kept a message back, in words."""
    from sequencer.core.forecast import GATE_OF

    return ", ".join(gate for gate in GATE_OF.values() if gate in message.gates)


def load_json(load: list[MailboxLoad]) -> list[dict[str, object]]:
    """The same as a document."""
    return [
        {
            "mailbox": one.mailbox,
            "cap": one.days[0].cap,
            "zone": one.zone,
            "days": [{"day": of.day, "messages": of.messages, "cap": of.cap} for of in one.days],
            "first_day_ends_at": one.first_day_ends_at,
            "put_off_by_cap": one.put_off,
            "goes_on_at": one.goes_on_at,
            "batch_ends_at": one.batch_ends_at,
            "first_mails_later": one.first_mails_later,
            "binding": [
                {
                    "cap": of.binding.gate,
                    "of": None if of.binding.cap.kind is CapKind.CONTACT else of.binding.cap.of,
                    "limit": of.limit,
                    "from": of.binding.at,
                    "messages": of.messages,
                    "goes_on_at": of.goes_on_at,
                }
                for of in one.bindings
            ],
        }
        for one in load
    ]
