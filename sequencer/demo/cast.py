"""The cast of the demo: who stands on the three contact lists, and what a seed deals to each of them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from importlib import resources

from sequencer.core.candidate import Candidate, candidates
from sequencer.core.countries import country_code
from sequencer.core.zones import zone_of
from sequencer.demo.buyer import Buyer, Habit, Temper
from sequencer.files.contact_file import read_contact_file

LISTS: Mapping[str, str] = {
    "distributors.csv": "mail-group",
    "qiaohai.csv": "mail-group",
    "fair-cards.xlsx": "exhibition",
}
"""The contact lists in `sequencer/demo/lists`, in the order of import → the sequence they are enrolled in."""

QUIET = 10
"""At least so many buyers of the nine mails say nothing and have no colleague who answers for them."""

_INVENTED_COLLEAGUES: Mapping[str, tuple[str, str]] = {
    "en": ("Hazel Whitlock", "hazel.whitlock"),
    "de": ("Markus Böttcher", "markus.boettcher"),
    "es": ("Verónica Salas", "veronica.salas"),
    "pl": ("Agnieszka Gołąb", "agnieszka.golab"),
    "zh": ("周晓燕", "xiaoyan.zhou"),
}


@cache
def buyers() -> tuple[Buyer, ...]:
    """Everybody on the lists, in their order, each address once."""
    found: dict[str, Buyer] = {}
    for name, sequence in LISTS.items():
        for said in _listed(name):
            if said.checked is not None:
                found.setdefault(said.checked.address_key, _buyer(said, said.checked.address, sequence))
    everyone = tuple(found.values())
    return tuple(_with_colleague(one, everyone) for one in everyone)


def deal(seed: int) -> dict[str, Habit]:
    """What each buyer will do, by address: every temper at least once, the same for a seed everywhere."""
    dealer = random.Random(seed)  # noqa: S311  (a game, no secret)
    group = [one for one in buyers() if one.sequence == "mail-group"]
    asked = dealer.choice([one for one in group if one.is_colleague_listed])
    others = [one for one in group if one.address not in (asked.address, asked.colleague_address)]
    quiet = {one.address for one in dealer.sample(others, QUIET)} | {asked.colleague_address}
    rest = [one for one in buyers() if one.address not in quiet and one.address != asked.address]
    dealer.shuffle(rest)
    late = next(one for one in rest if one.sequence == "mail-group")
    rest.remove(late)
    dealt = {asked.address: _ASKED.played(dealer, asked), late.address: _LATE.played(dealer, late)}
    dealt |= {
        one.address: card.played(dealer, one)
        # The deck is shorter than the row of buyers: whoever is left says nothing.
        for card, one in zip(_DECK, rest, strict=False)
    }
    return {one.address: dealt.get(one.address, Habit(temper=Temper.SILENT)) for one in buyers()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """One deed of the deck: after which of our messages, and how long after its receipt."""

    temper: Temper
    messages: tuple[int, ...] = (1, 2, 3, 4, 5)
    seconds: tuple[int, int]
    """The least and the most."""

    def played(self, dealer: random.Random, buyer: Buyer) -> Habit:
        """As it falls to this buyer, whose sequence may be too short for the later messages."""
        messages = [number for number in self.messages if number <= _MESSAGES[buyer.sequence]]
        after_in = timedelta(seconds=dealer.randint(*self.seconds))
        return Habit(temper=self.temper, at_message=dealer.choice(messages), after_in=after_in)


_MESSAGES: Mapping[str, int] = {"mail-group": 9, "exhibition": 3}
"""How many messages of a sequence can bring an answer (the fair's own may be longer)."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_AT_LEISURE = (5 * _MINUTE, 3 * _DAY)
_AT_NIGHT = (13 * _HOUR, 13 * _HOUR + 30 * _MINUTE)
"""After a mail that left between 9 and 17 o'clock it is 22:00 to 6:30."""
_BY_MACHINE = (1, 15)
_BY_SERVER = (_MINUTE, 20 * _MINUTE)

_ASKED = _Card(temper=Temper.COLLEAGUE, seconds=(20 * _MINUTE, 2 * _DAY))
_LATE = _Card(temper=Temper.REPLY, messages=(7, 9), seconds=_AT_LEISURE)
_DECK = (
    _Card(temper=Temper.REPLY, seconds=(1, 20)),
    _Card(temper=Temper.REPLY, seconds=(90, 90)),
    _Card(temper=Temper.REPLY, seconds=_AT_NIGHT),
    _Card(temper=Temper.QUESTION, seconds=_AT_NIGHT),
    _Card(temper=Temper.QUESTION, seconds=_AT_LEISURE),
    _Card(temper=Temper.FRESH_MAIL, seconds=_AT_LEISURE),
    _Card(temper=Temper.FRESH_MAIL, seconds=_AT_LEISURE),
    _Card(temper=Temper.OUT_OF_OFFICE, seconds=_BY_MACHINE),
    _Card(temper=Temper.OUT_OF_OFFICE, seconds=_BY_MACHINE),
    _Card(temper=Temper.OUT_OF_OFFICE, seconds=_BY_MACHINE),
    _Card(temper=Temper.LEFT, seconds=_BY_MACHINE),
    _Card(temper=Temper.UNSUBSCRIBE_BUTTON, seconds=(_MINUTE, 12 * _HOUR)),
    _Card(temper=Temper.UNSUBSCRIBE_BUTTON, seconds=(_MINUTE, 12 * _HOUR)),
    _Card(temper=Temper.UNSUBSCRIBE_WORDS, seconds=_AT_LEISURE),
    _Card(temper=Temper.COMPLAINT, seconds=(30 * _MINUTE, _DAY)),
    _Card(temper=Temper.UNKNOWN, messages=(1,), seconds=_BY_MACHINE),
    _Card(temper=Temper.DEAD, messages=(1,), seconds=_BY_SERVER),
    _Card(temper=Temper.FULL, seconds=_BY_SERVER),
    _Card(temper=Temper.GREYLISTING, messages=(1,), seconds=_BY_MACHINE),
    _Card(temper=Temper.GREYLISTING, messages=(1,), seconds=_BY_MACHINE),
    _Card(temper=Temper.BY_HAND, messages=(1, 2, 3), seconds=(_HOUR, _DAY)),
)


def _listed(name: str) -> Iterator[Candidate]:
    """What the import makes of a list's rows."""
    with resources.as_file(resources.files("sequencer.demo").joinpath("lists", name)) as path:
        rows = read_contact_file(path).rows
    for row in rows:
        for said in candidates(row, country_code):
            if not isinstance(said, Candidate):
                raise TypeError(f"{name}:{row.line}: {said.reason}")
            yield said


def _buyer(said: Candidate, address: str, sequence: str) -> Buyer:
    texts = said.texts
    country, city = texts["country"], texts.get("city", "")
    return Buyer(
        address=address,
        name=texts.get("name", ""),
        company=texts["company"],
        country=country,
        language=texts["language"],
        sequence=sequence,
        city=city,
        zone=zone_of(country, texts.get("state", ""), city).zone,
    )


def _with_colleague(buyer: Buyer, everyone: tuple[Buyer, ...]) -> Buyer:
    """Somebody at the same domain: on our lists if there is one, else invented."""
    domain = buyer.address.rpartition("@")[2]
    for other in everyone:
        if other is not buyer and other.address.endswith(f"@{domain}"):
            return replace(
                buyer, colleague=other.name, colleague_address=other.address, is_colleague_listed=True
            )
    name, local = _INVENTED_COLLEAGUES[buyer.language]
    return replace(buyer, colleague=name, colleague_address=f"{local}@{domain}")
