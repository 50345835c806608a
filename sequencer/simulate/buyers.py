"""The buyers of a simulation: they get what couriers take, and answer as was drawn for each message."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sequencer.config import Mailbox
from sequencer.core.address import address_key
from sequencer.core.contact import Contact
from sequencer.core.ports import Outcome, Outgoing, no_work
from sequencer.core.zones import Place
from sequencer.demo.answers import answer
from sequencer.demo.buyer import Answer, Buyer, Habit, Temper
from sequencer.demo.receipt import Receipt
from sequencer.demo.sayings import GREETINGS
from sequencer.simulate.fates import Draws, Fate
from sequencer.testing import RecordingCourier

_TEMPERS: Mapping[Fate, Temper] = {
    Fate.REPLY: Temper.REPLY,
    Fate.OUT_OF_OFFICE: Temper.OUT_OF_OFFICE,
    Fate.RETURNED: Temper.DEAD,
}
_UNKNOWN = "550 5.1.1 <{}>: Recipient address rejected: User unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A message that arrived, or was refused at RCPT."""

    at: datetime
    mailbox: str
    is_new: bool
    """The first that was ever written to the buyer."""
    is_refused: bool = False


@dataclass(slots=True, kw_only=True)
class Buyers:
    """Everybody who can be written to."""

    draws: Draws
    people: Mapping[str, Contact]
    """By address_key."""
    place_of: Callable[[Contact], Place]
    written: Collection[str]
    """The address_keys of those who were written to before."""
    delivered: list[Delivered] = field(default_factory=list)
    _got: Counter[str] = field(default_factory=Counter)
    """Messages each has got here, by address_key."""

    def fate(self, recipient: str) -> Fate:
        """What becomes of the next message to this address."""
        key = address_key(recipient)
        return self.draws.fate(key, self._got[key] + 1, is_first=self._is_new(key))

    def refuse(self, recipient: str, mailbox: str, now: datetime) -> None:
        """Their server does not know them."""
        is_new = self._is_new(address_key(recipient))
        self.delivered.append(Delivered(at=now, mailbox=mailbox, is_new=is_new, is_refused=True))

    def take(self, outgoing: Outgoing, mailbox: Mailbox, now: datetime) -> Answer | None:
        """A message has arrived; the answer that will come."""
        fate, key = self.fate(outgoing.recipient), address_key(outgoing.recipient)
        self.delivered.append(Delivered(at=now, mailbox=mailbox.name, is_new=self._is_new(key)))
        self._got[key] += 1
        contact, temper = self.people.get(key), _TEMPERS.get(fate)
        # Who needs SMTPUTF8 (RFC 6531) is silent here: the letters are plain ASCII in their headers.
        if contact is None or temper is None or not (key + outgoing.recipient).isascii():
            return None
        place = self.place_of(contact)
        at = self.draws.answered_at(fate, key, self._got[key], now, place)
        # Head and text stand in the first piece, the attachments behind it.
        sender, recipient, raw = outgoing.sender, outgoing.recipient, outgoing.pieces[0]
        receipt = Receipt(at=now, sender=sender, recipient=recipient, raw=raw)
        habit = Habit(temper=temper, after_in=at - now)
        return answer(_buyer(contact, key, place), habit, receipt, mailbox.address)

    def _is_new(self, key: str) -> bool:
        return not self._got[key] and key not in self.written


class BuyersCourier(RecordingCourier):
    """Hands over to the buyers; some of their servers do not know them."""

    def __init__(self, mailbox: Mailbox, buyers: Buyers, now: Callable[[], datetime]) -> None:
        super().__init__(mailbox.name)
        self._mailbox, self._buyers, self._now = mailbox, buyers, now

    def send(
        self,
        outgoing: Outgoing,
        may_send: Callable[[], bool],
        *,
        then: Outgoing | None = None,
        idle: Callable[[], None] = no_work,
    ) -> Outcome:
        if self._buyers.fate(outgoing.recipient) is Fate.REFUSED:
            self.fail("RCPT", _UNKNOWN.format(outgoing.recipient), recipient=outgoing.recipient)
            self._buyers.refuse(outgoing.recipient, self._mailbox.name, self._now())
        return super().send(outgoing, may_send, then=then, idle=idle)

    def arrivals(self) -> list[Answer]:
        """What was taken since this was last asked goes to the buyers: the answers that will come."""
        now = self._now()
        answers = [self._buyers.take(one, self._mailbox, now) for one in self.received]
        self.received.clear()
        return [one for one in answers if one is not None]


def _buyer(contact: Contact, key: str, place: Place) -> Buyer:
    language = contact.language.partition("-")[0].lower()
    return Buyer(
        address=key,
        name=contact.name,
        company=contact.company,
        country=contact.country,
        language=language if language in GREETINGS else "en",
        sequence="",
        city=contact.city,
        zone=place.zone,
    )
