"""Due messages whose windows are shut are put off together: one by one, as flows do, takes too long here."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sequencer.core.contact import Contact
from sequencer.core.progress import Rhythm, closes_at, open_at
from sequencer.core.zones import Place
from sequencer.errors import SequencerError
from sequencer.flows.engine import Engine
from sequencer.store import simulating

_LOOK_AGAIN_IN = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Shut:
    """The windows of those who are written to."""

    engine: Engine
    people: Mapping[str, Contact]
    """By address_key."""
    _places: dict[str, Place] = field(default_factory=dict)
    """By address_key."""
    _again_at: dict[str, datetime] = field(default_factory=dict)
    """Mailbox → when a window of what is due in it closes."""

    def put_off(self, mailbox: str) -> None:
        """Let what is due wait for its window, with the words and the instant of flows/deliver_one.py.

        What is left out here, the flows put off themselves.
        """
        now = self.engine.clock.now()
        if now < self._again_at.get(mailbox, now):
            return
        again_at, waits = now + _LOOK_AGAIN_IN, dict[int, tuple[str, datetime]]()
        for rhythm, ids in self._due(mailbox, now):
            opens_at = open_at(now, rhythm)
            if opens_at > now:
                reason = f"waits for window {rhythm.window.name}"
                waits |= dict.fromkeys(ids, (reason, opens_at))
            else:
                again_at = min(again_at, closes_at(now, rhythm) or again_at)
        self._again_at[mailbox] = again_at
        if waits:
            with self.engine.store.write() as tx:
                simulating.put_off(tx, waits)

    def _due(self, mailbox: str, now: datetime) -> list[tuple[Rhythm, list[int]]]:
        """The ids of what is due, by whose windows keep it."""
        ids: dict[tuple[str, Place], list[int]] = defaultdict(list)
        someone: dict[Place, Contact] = {}
        with self.engine.store.read() as tx:
            for one in simulating.due_messages(tx, mailbox, now):
                contact = self.people.get(one.address_key)
                if contact is not None:
                    place = self._place(contact)
                    someone.setdefault(place, contact)
                    ids[one.version_hash, place].append(one.id)
            try:
                return [
                    (self.engine.rhythm(someone[place], self.engine.version(tx, version).sequence), some)
                    for (version, place), some in ids.items()
                ]
            except SequencerError:  # a version or a window that is gone: the flows say so
                return []

    def _place(self, contact: Contact) -> Place:
        key = contact.address_key
        if key not in self._places:
            self._places[key] = self.engine.place_of(contact)
        return self._places[key]
