"""Suppressing: patterns, persons and lists of them, with everything wrong in a list named at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sequencer.core.suppression import reason_word
from sequencer.errors import FaultyInput, InputError
from sequencer.flows.suppress import find_suppression, import_suppressions, suppress, unsuppress
from sequencer.store.engine import Store
from sequencer.store.suppressions import all_suppressions, is_suppressed
from sequencer.testing import FakeClock
from tests.flows.lists import NOW, a_list, a_store, brought_in, people

CLOCK = FakeClock(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@x.example", "2,bo@x.example", "3,cy@y.example"))
    yield store
    store.close()


def stored(store: Store) -> list[tuple[str, str, int | None]]:
    with store.read() as tx:
        return [(one.pattern, one.reason, one.contact_id) for one in all_suppressions(tx)]


def test_adding_says_how_many_contacts_are_covered(store: Store) -> None:
    done = suppress(store, ["*@X.example", "Cy@y.example", "cy@Y.example"], reason="competitor", clock=CLOCK)
    assert (done.added, done.present, done.covered) == (2, 0, 3)
    again = suppress(store, ["*@x.example"], clock=CLOCK)
    assert (again.added, again.present) == (0, 1)
    assert stored(store) == [("*@x.example", "competitor", None), ("cy@y.example", "competitor", 3)]


def test_a_person_stays_suppressed_at_a_later_address(store: Store, tmp_path: Path) -> None:
    suppress(store, ["ana@x.example"], reason="unsubscribed", clock=CLOCK)
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@z.example"))
    ana = people(store)[0]
    with store.read() as tx:
        found = is_suppressed(tx, ana.address_key, ana.id)
    assert found is not None
    assert (found.reason, found.is_opt_out) == ("opted_out", True)


def test_a_dead_address_does_not_silence_the_person_at_their_next_one(store: Store, tmp_path: Path) -> None:
    suppress(store, ["ana@x.example"], reason="hard bounce", clock=CLOCK)
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@z.example"))
    ana = people(store)[0]
    with store.read() as tx:
        assert is_suppressed(tx, "ana@x.example", ana.id) is not None
        assert is_suppressed(tx, ana.address_key, ana.id) is None


def test_one_wrong_pattern_stores_none(store: Store) -> None:
    with pytest.raises(InputError, match=r"competitor\.com"):
        suppress(store, ["ana@x.example", "competitor.com"], clock=CLOCK)
    assert stored(store) == []


def test_a_list_gives_its_own_reasons(store: Store, tmp_path: Path) -> None:
    listed = a_list(
        tmp_path, "email,reason", "ana@x.example,退订", "*@z.example,", '"q@q.example; r@r.example",spam'
    )
    done = import_suppressions(store, listed, reason="old list", clock=CLOCK)
    assert (done.added, done.covered) == (4, 1)
    assert stored(store) == [
        ("*@z.example", "old list", None),
        ("ana@x.example", "opted_out", 1),
        ("q@q.example", "complained", None),
        ("r@r.example", "complained", None),
    ]


def test_a_plain_list_of_patterns_needs_no_header(store: Store, tmp_path: Path) -> None:
    assert import_suppressions(store, a_list(tmp_path, "*@z.example", "bo@x.example"), clock=CLOCK).added == 2


def test_every_faulty_line_of_a_list_is_named_and_nothing_stored(store: Store, tmp_path: Path) -> None:
    listed = a_list(tmp_path, "email,reason", "ana@x.example,", "nobody,x", ",y", "bo@x.example,")
    with pytest.raises(FaultyInput) as caught:
        import_suppressions(store, listed, clock=CLOCK)
    assert [fault.where.rpartition(":")[2] for fault in caught.value.faults] == ["3", "4"]
    assert stored(store) == []


def test_thousands_are_stored_in_batches(store: Store, tmp_path: Path) -> None:
    listed = a_list(tmp_path, "email", *(f"u{n}@bulk.example" for n in range(1203)))
    assert import_suppressions(store, listed, clock=CLOCK).added == 1203
    assert len(stored(store)) == 1203


def test_removing_names_what_covers_an_address_instead(store: Store) -> None:
    suppress(store, ["*@x.example"], clock=CLOCK)
    with pytest.raises(InputError) as caught:
        find_suppression(store, "ana@x.example")
    assert caught.value.hint == "it is covered by *@x.example"
    unsuppress(store, find_suppression(store, "*@X.example"))
    assert stored(store) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Opt Out", "opted_out"),
        ("UNSUBSCRIBED", "opted_out"),
        ("hard_bounce", "bounced"),
        ("", "manual"),
        (" x ", "x"),
    ],
)
def test_reasons_of_other_programs_are_understood(text: str, word: str) -> None:
    assert reason_word(text) == word
