"""Holds what an SMTP server received against what was planned: the same, to the minute and in order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sequencer.core.forecast import Forecast
from tests.forecast.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One message, planned or received."""

    at: datetime
    contact: str
    sequence: str
    step: str
    gates: tuple[str, ...] = ()

    @property
    def to_the_minute(self) -> tuple[datetime, str, str, str]:
        """What must be equal."""
        return self.at.replace(second=0, microsecond=0), self.contact, self.sequence, self.step

    def __str__(self) -> str:
        gates = f" (gates: {', '.join(self.gates)})" if self.gates else ""
        return f"{self.at:%a %Y-%m-%d %H:%M:%S}Z {self.sequence}/{self.step} to {self.contact}{gates}"


def planned(found: Forecast) -> dict[str, list[Sending]]:
    """By mailbox, in the order of the plan."""
    return _by_mailbox(
        (
            one.mailbox,
            Sending(
                at=one.due_at, contact=one.contact, sequence=one.sequence, step=one.step, gates=one.gates
            ),
        )
        for one in found.messages
    )


def received(world: World, since: datetime, until: datetime) -> dict[str, list[Sending]]:
    """By mailbox, in the order of arrival; `until` is excluded, as the plan excludes it."""
    known = world.steps_by_message_id()
    found = []
    for one in world.arrivals:
        if since <= one.at < until:
            mailbox, sequence, step = known[one.message_id]
            found.append((mailbox, Sending(at=one.at, contact=one.recipient, sequence=sequence, step=step)))
    return _by_mailbox(found)


def difference(plan: dict[str, list[Sending]], sent: dict[str, list[Sending]]) -> str:
    """The first message of a mailbox that differs, with both times; empty when none does."""
    firsts = []
    for mailbox in sorted(plan.keys() | sent.keys()):
        pairs = zip_longest(plan.get(mailbox, ()), sent.get(mailbox, ()))
        for number, (ours, theirs) in enumerate(pairs, start=1):
            if ours is None or theirs is None or ours.to_the_minute != theirs.to_the_minute:
                at = min(one.at for one in (ours, theirs) if one is not None)
                firsts.append((at, _told(mailbox, number, ours, theirs, plan, sent)))
                break
    return min(firsts)[1] if firsts else ""


def _told(
    mailbox: str,
    number: int,
    ours: Sending | None,
    theirs: Sending | None,
    plan: dict[str, list[Sending]],
    sent: dict[str, list[Sending]],
) -> str:
    lines = [
        f"message {number} of {mailbox}",
        f"  planned  {ours or 'none'}",
        f"  received {theirs or 'none'}",
    ]
    for name, one, others in (("received", ours, sent), ("planned", theirs, plan)):
        if one is None:
            continue
        whose = one.to_the_minute[1:]
        same = next((two for two in others.get(mailbox, ()) if two.to_the_minute[1:] == whose), None)
        lines.append(f"  {one.sequence}/{one.step} to {one.contact} was {name}: {same or 'never'}")
    return "\n".join(lines)


def _by_mailbox(found: Iterable[tuple[str, Sending]]) -> dict[str, list[Sending]]:
    sorted_out: dict[str, list[Sending]] = defaultdict(list)
    for mailbox, one in found:
        sorted_out[mailbox].append(one)
    return dict(sorted_out)
