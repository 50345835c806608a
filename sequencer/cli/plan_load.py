"""The load of a plan: a strip of days for each mailbox, and when today's share of it ends."""

from datetime import datetime
from typing import TYPE_CHECKING

from sequencer.cli.session import Session
from sequencer.core.plan_load import MailboxLoad, loads_of

if TYPE_CHECKING:
    from sequencer.core.forecast import Forecast


def loads(session: Session, found: "Forecast", start: datetime, days: int) -> list[MailboxLoad]:
    """What the plan asks of each mailbox."""
    boxes = session.config.mailboxes
    caps, zones = {box.name: box.daily_cap for box in boxes}, {box.name: box.zone for box in boxes}
    return loads_of(found, caps=caps, zones=zones, start=start, days=days)


def say_load(load: list[MailboxLoad]) -> None:
    """Nothing when nothing leaves."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say, say_table

    if not load:
        return
    say()
    heading = f"days from {load[0].days[0][0]:%a %Y-%m-%d}: · none, █ the cap"
    rows = [
        (one.mailbox, one.cap, one.strip, one.total, f"{one.fullest[0]:%a %m-%d}: {one.fullest[1]}")
        for one in load
    ]
    say_table(("mailbox", "cap", heading, "messages", "fullest day"), rows)
    for one in load:
        if one.today_ends_at is not None:
            ends = shown(one.today_ends_at, one.zone)
            say(f"{one.mailbox}: the last of today leaves at {ends} ({one.zone})")
        if one.goes_on_at is not None:
            goes_on = shown(one.goes_on_at, one.zone)
            say(f"{one.mailbox}: {one.put_off} wait for the cap, the first until {goes_on} ({one.zone})")


def load_json(load: list[MailboxLoad]) -> list[dict[str, object]]:
    """The same as a document."""
    return [
        {
            "mailbox": one.mailbox,
            "cap": one.cap,
            "zone": one.zone,
            "days": [{"day": day, "messages": count} for day, count in one.days],
            "today_ends_at": one.today_ends_at,
            "put_off_by_cap": one.put_off,
            "goes_on_at": one.goes_on_at,
        }
        for one in load
    ]
