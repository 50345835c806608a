"""Draws and invented people: the same for a seed everywhere, and like what lists bring."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.address_check import check_address
from sequencer.core.days_off import days_of
from sequencer.core.sequence import Sequence, SequenceVersion
from sequencer.core.zones import Place, place_of
from sequencer.simulate.fates import Draws, Fate
from sequencer.simulate.people import invented_people
from sequencer.simulate.settings import Rates

VERSION = SequenceVersion(
    hash="0",
    sequence=Sequence(name="s", window="buyer", steps=()),
    templates={},
    texts={"templates/a.md": "{{ contact.extra.booth }}"},
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
HALF = Draws(seed=4, rates=Rates(reply=0.2, ooo=0.25, bounce=0.5))


def _fates(draws: Draws, *, is_first: bool) -> list[Fate]:
    return [draws.fate(f"a@firm{number}.example", 1, is_first=is_first) for number in range(4000)]


def test_shares_come_out_as_they_were_asked_for() -> None:
    later = _fates(HALF, is_first=False)
    assert abs(later.count(Fate.REPLY) - 800) < 80
    assert abs(later.count(Fate.OUT_OF_OFFICE) - 800) < 80  # a quarter of those that are not answered
    assert not {Fate.REFUSED, Fate.RETURNED} & set(later)
    first = _fates(HALF, is_first=True)
    assert abs(first.count(Fate.REFUSED) - 1000) < 100
    assert abs(first.count(Fate.RETURNED) - 1000) < 100


def test_a_higher_share_only_adds_answers() -> None:
    """So that two simulations of one seed differ by their rates alone."""
    few, many = (Draws(seed=9, rates=Rates(reply=share, ooo=0, bounce=0)) for share in (0.1, 0.3))
    pairs = list(zip(_fates(few, is_first=False), _fates(many, is_first=False), strict=True))
    assert all(after is Fate.REPLY for before, after in pairs if before is Fate.REPLY)
    assert len({after for _before, after in pairs}) == 2


@given(
    at=INSTANTS,
    number=st.integers(1, 50),
    zone=st.sampled_from([("DE", "Europe/Berlin"), ("AE", "Asia/Dubai")]),
)
def test_people_answer_in_their_working_hours(at: datetime, number: int, zone: tuple[str, str]) -> None:
    place = Place(zone[1], country=zone[0])
    answered_at = HALF.answered_at(Fate.REPLY, "a@firm.example", number, at, place)
    there = answered_at.astimezone(ZoneInfo(place.zone))
    assert timedelta(minutes=10) <= answered_at - at <= timedelta(days=14)
    assert 9 <= there.hour < 18
    book = days_of(place, there.year)
    assert not book.is_weekend(there.date())
    assert there.date() not in book.holidays


@given(at=INSTANTS, number=st.integers(1, 50))
def test_machines_answer_within_the_minute(at: datetime, number: int) -> None:
    for fate in (Fate.OUT_OF_OFFICE, Fate.RETURNED):
        answered_in = HALF.answered_at(fate, "a@firm.example", number, at, Place("UTC")) - at
        assert timedelta(seconds=5) <= answered_in <= timedelta(minutes=1)


def test_invented_people_stand_on_no_list_and_their_zone_is_known() -> None:
    people = list(invented_people(1200, 3, VERSION, "wang"))
    assert len({one.address_key for one in people}) == len({one.domain for one in people}) == 1200
    assert all(one.domain.endswith(".example") and one.owner == "wang" for one in people)
    checked = check_address(people[0].address)
    assert (checked.address_key, checked.domain) == (people[0].address_key, people[0].domain)
    guessed = {(one.country, one.city) for one in people if place_of(one, "UTC").is_guessed}
    assert not guessed
    assert {one.extra["booth"] for one in people} == {"[booth]"}


def test_they_come_from_everywhere_and_from_the_seed() -> None:
    people = list(invented_people(1200, 3, VERSION, "wang"))
    assert len({one.country for one in people}) > 15
    assert max(sum(one.country == name for one in people) for name in ("US", "DE", "GB")) < 300
    assert list(invented_people(1200, 3, VERSION, "wang")) == people
    assert list(invented_people(600, 3, VERSION, "wang")) == people[:600]
    assert list(invented_people(1200, 4, VERSION, "wang")) != people
