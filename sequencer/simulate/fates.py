"""What becomes of each message: drawn from the seed and the message alone, so that no draw moves another."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sequencer.config import Window
from sequencer.core.pacing import fraction
from sequencer.core.windows import NeverOpens, next_open
from sequencer.core.zones import Place
from sequencer.simulate.settings import Rates

_OFFICE = Window(name="office", zone="buyer", hours=((time(9), time(18)),), holidays="buyer")
"""When buyers write."""
_SOONEST_MINUTES, _SPREAD = 10, 180
"""Most answers come within hours, the last after thirty of them."""
_AFTER_OPENING_MINUTES = 90
"""Who comes to the office has more to do than to answer us."""
_REPORTED_IN = timedelta(minutes=1)


class Fate(StrEnum):
    """How one message ends."""

    SILENT = "says nothing"
    REPLY = "is answered"
    OUT_OF_OFFICE = "brings a note of absence"
    REFUSED = "is refused at RCPT (550 5.1.1)"
    RETURNED = "is taken, and comes back a minute later (5.1.1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """The draws of one seed."""

    seed: int
    rates: Rates

    def fate(self, address_key: str, number: int, *, is_first: bool) -> Fate:
        """Of the message that would be the buyer's `number`th here; `is_first`: ever."""
        of = (address_key, str(number))
        if is_first and self._drawn("bounce", *of) < self.rates.bounce:
            return Fate.REFUSED if self._drawn("how", *of) < 0.5 else Fate.RETURNED
        if self._drawn("reply", *of) < self.rates.reply:
            return Fate.REPLY
        return Fate.OUT_OF_OFFICE if self._drawn("ooo", *of) < self.rates.ooo else Fate.SILENT

    def answered_at(
        self, fate: Fate, address_key: str, number: int, received_at: datetime, place: Place
    ) -> datetime:
        """When the answer comes: a machine's at once, a person's in their working hours."""
        share = self._drawn("when", address_key, str(number))
        if fate is Fate.RETURNED:
            return received_at + _REPORTED_IN
        if fate is Fate.OUT_OF_OFFICE:
            return received_at + timedelta(seconds=5 + int(55 * share))
        at = received_at + timedelta(minutes=int(_SOONEST_MINUTES * _SPREAD**share))
        try:
            opens_at = next_open(at, _OFFICE, place, (), place.zone)
        except NeverOpens:
            return at
        if opens_at == at:
            return at
        later = self._drawn("later", address_key, str(number))
        return opens_at + timedelta(minutes=int(_AFTER_OPENING_MINUTES * later))

    def _drawn(self, *words: str) -> float:
        return fraction(f"simulate {self.seed}".encode(), *words)
