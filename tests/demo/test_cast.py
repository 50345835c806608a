"""The demo's contact lists, and what every seed deals to the people on them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.contact_import import Outcome, Rules
from sequencer.core.contact_merge import ListWide
from sequencer.core.countries import country_code
from sequencer.core.zones import place_of
from sequencer.demo.buyer import Buyer, Habit, Temper
from sequencer.demo.cast import LISTS, QUIET, buyers, deal
from sequencer.files.contact_file import read_contact_file
from sequencer.flows.import_contacts import ImportReport, import_contacts
from sequencer.store.contacts import all_contacts
from sequencer.store.engine import Store
from tests.flows.lists import NOW, a_store

FOLDER = Path(str(resources.files("sequencer.demo").joinpath("lists")))
SEEDS = st.integers(min_value=-(2**63), max_value=2**64)
AT_LEAST = {
    Temper.REPLY: 4,
    Temper.QUESTION: 2,
    Temper.FRESH_MAIL: 2,
    Temper.OUT_OF_OFFICE: 3,
    Temper.UNSUBSCRIBE_BUTTON: 2,
    Temper.GREYLISTING: 2,
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    yield store
    store.close()


def brought_in(store: Store, name: str) -> ImportReport:
    """A shipped list through the import itself, countries and all."""
    rules = Rules(wide=ListWide(), acting="li", reps=frozenset({"li"}))
    return import_contacts(store, read_contact_file(FOLDER / name), rules, country_code=country_code, now=NOW)


def test_all_three_lists_come_in_without_a_rejected_row(store: Store) -> None:
    counts = {}
    for name in LISTS:
        report = brought_in(store, name)
        counts[name] = {outcome: report.count(outcome) for outcome in Outcome if report.count(outcome)}
    assert counts == {
        "distributors.csv": {Outcome.ADDED: 24, Outcome.SKIPPED: 1},
        "qiaohai.csv": {Outcome.ADDED: 8},
        "fair-cards.xlsx": {Outcome.ADDED: 8},
    }


def test_each_list_has_a_blemish_that_the_import_names(store: Store) -> None:
    distributors, qiaohai, cards = (brought_in(store, name) for name in LISTS)
    assert [(one.row.line, one.reason) for one in distributors.of(Outcome.SKIPPED)] == [
        (25, "same as line 5")
    ]
    assert [one.notes for one in qiaohai.decisions if one.notes] == [
        ("address: full-width characters mended",)
    ]
    assert [one.notes for one in cards.decisions if one.notes] == [("address: angle brackets mended",)]


def test_the_chinese_list_is_read_as_gb18030_and_says_so() -> None:
    read = read_contact_file(FOLDER / "qiaohai.csv")
    assert "gb18030" in " ".join(read.guesses)
    assert {"公司", "联系人", "邮箱", "国家"} <= set(read.header)
    assert read.rows[0].values["company"] == "狮城园艺五金有限公司"
    assert b"\r\n" in (FOLDER / "qiaohai.csv").read_bytes()
    for name in ("distributors.csv", "fair-cards.xlsx"):
        assert read_contact_file(FOLDER / name).guesses == ()


def test_the_cast_is_forty_buyers_in_twelve_countries_as_the_import_has_them(store: Store) -> None:
    for name in LISTS:
        brought_in(store, name)
    with store.read() as tx:
        imported = {one.address: one for one in all_contacts(tx)}
    assert len(buyers()) == 40
    assert len({one.country for one in buyers()}) == 12
    assert imported.keys() == {one.address for one in buyers()}
    for one in buyers():
        contact = imported[one.address]
        facts = (contact.name, contact.company, contact.country, contact.language, contact.city)
        assert facts == (one.name, one.company, one.country, one.language, one.city)
        place = place_of(contact, "Nowhere/Default")
        assert (place.zone, place.is_guessed) == (one.zone, False)
        assert contact.address_key.endswith(".example")


def test_the_lists_are_as_mixed_as_those_of_a_real_firm() -> None:
    assert Counter(one.sequence for one in buyers()) == {"mail-group": 32, "exhibition": 8}
    assert Counter(one.language for one in buyers())["es"] >= 12
    assert {one.language for one in buyers()} == {"es", "de", "en", "pl", "zh"}
    assert [one.address for one in buyers() if not one.name] == ["compras@misti-ferreteria.example"]
    assert len([one for one in buyers() if one.is_colleague_listed]) == 4


def test_everybody_has_a_colleague_at_their_own_domain() -> None:
    for one in buyers():
        assert one.colleague_address.partition("@")[2] == one.address.partition("@")[2]
        assert one.colleague_address != one.address


def _by_temper(seed: int) -> dict[Temper, list[tuple[Buyer, Habit]]]:
    dealt = deal(seed)
    found: dict[Temper, list[tuple[Buyer, Habit]]] = {temper: [] for temper in Temper}
    for one in buyers():
        found[dealt[one.address].temper].append((one, dealt[one.address]))
    return found


@given(SEEDS)
def test_every_seed_deals_every_temper(seed: int) -> None:
    found = _by_temper(seed)
    counts = {temper: len(of) for temper, of in found.items() if temper is not Temper.SILENT}
    assert counts == {temper: AT_LEAST.get(temper, 1) for temper in Temper if temper is not Temper.SILENT}
    assert deal(seed).keys() == {one.address for one in buyers()}


@given(SEEDS)
def test_enough_buyers_stay_silent_for_all_nine_mails(seed: int) -> None:
    silent = [one for one, _ in _by_temper(seed)[Temper.SILENT] if one.sequence == "mail-group"]
    assert len(silent) >= QUIET >= 10


@given(SEEDS)
def test_a_colleague_answers_only_where_the_lists_have_one_and_that_one_is_silent(seed: int) -> None:
    ((asked, _),) = _by_temper(seed)[Temper.COLLEAGUE]
    assert asked.is_colleague_listed
    assert deal(seed)[asked.colleague_address].temper is Temper.SILENT


@given(SEEDS)
def test_answers_come_to_messages_that_there_are_and_at_odd_hours(seed: int) -> None:
    hands = deal(seed)
    dealt = [(one, hands[one.address]) for one in buyers()]
    for one, habit in dealt:
        assert 1 <= habit.at_message <= {"mail-group": 9, "exhibition": 3}[one.sequence]
        assert timedelta(seconds=1) <= habit.after_in <= timedelta(days=3)
    replies = [habit for _, habit in dealt if habit.temper is Temper.REPLY]
    assert [habit.at_message for habit in replies if habit.at_message > 5] in ([7], [9])
    assert any(habit.after_in <= timedelta(seconds=20) for habit in replies)
    assert any(habit.after_in == timedelta(seconds=90) for habit in replies)
    # A mail that left at nine or at five: in the buyer's night both times.
    night = (timedelta(hours=13), timedelta(hours=13, minutes=30))
    assert any(night[0] <= habit.after_in <= night[1] for habit in replies)
    for temper in (Temper.UNKNOWN, Temper.DEAD, Temper.GREYLISTING):
        assert {habit.at_message for _, habit in dealt if habit.temper is temper} == {1}


def test_a_seed_is_dealt_the_same_everywhere() -> None:
    """Written down once: another platform or Python must deal these very cards."""
    told = {
        temper.name: [
            (who.address, habit.at_message, int(habit.after_in.total_seconds())) for who, habit in of
        ]
        for temper, of in _by_temper(2026).items()
        if temper in (Temper.COLLEAGUE, Temper.COMPLAINT, Temper.BY_HAND)
    }
    assert told == {
        "COLLEAGUE": [("jorge.castaneda@nopal-verde.example", 1, 90_432)],
        "COMPLAINT": [("fatima.alsuwaidi@nakheel-oasis.example", 2, 75_724)],
        "BY_HAND": [("chen.weiqiang@lioncity-garden.example", 1, 65_209)],
    }
    assert deal(2026) == deal(2026)


def test_seeds_differ() -> None:
    assert (
        len({tuple(sorted((who, habit.temper) for who, habit in deal(seed).items())) for seed in range(20)})
        == 20
    )
