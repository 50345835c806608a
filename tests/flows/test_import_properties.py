"""Import, as properties: for any list the outcomes add up, and a second import changes nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequencer.core.contact_import import Outcome
from sequencer.store.contacts import former_addresses_of
from sequencer.store.engine import Store
from tests.flows.lists import a_list, a_store, brought_in, counts, outcomes, people

ROW = st.builds(
    ",".join,
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(
            [
                "",
                "ana@x.example",
                "Ana@X.example",
                "bo@x.example",
                "c.y@gmail.com",
                "cy@gmail.com",
                "eva@y.example",
                "broken@",
                "ana@x.example; bo@x.example",
                "dan@z.example|cy+1@googlemail.com",
                "no address",
            ]
        ),
        st.sampled_from(["", "Ana", "Bo"]),
        st.sampled_from(["", "li", "wang", "nobody"]),
        st.sampled_from(["", "won", "dreaming"]),
        st.sampled_from(["", "a;b", "b"]),
        st.sampled_from(["", "pumps", "valves"]),
    ),
)
LIST = st.lists(ROW, max_size=9)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LIST, LIST, st.booleans())
def test_whatever_a_list_holds_its_rows_add_up_and_dry_runs_tell_the_truth(
    tmp_path_factory: pytest.TempPathFactory, first: list[str], second: list[str], overwrites: bool
) -> None:
    folder = tmp_path_factory.mktemp("lists")
    store = a_store(folder)
    for rows in (first, second):
        listed = a_list(folder, "id,email,name,owner,stage,tags,product", *rows)
        dry = brought_in(store, listed, is_dry_run=True, overwrites=overwrites)
        before = people(store)
        report = brought_in(store, listed, overwrites=overwrites)
        after = people(store)
        assert outcomes(dry) == outcomes(report)
        assert sum(report.count(outcome) for outcome in Outcome) == len(report.decisions) >= len(listed.rows)
        assert {one.row.line for one in report.decisions} == {row.line for row in listed.rows}
        assert len(after) - len(before) == report.count(Outcome.ADDED)
        known = {one.id: one for one in before}
        changed = [one for one in after if one.id in known and known[one.id] != one]
        assert len(changed) == report.count(Outcome.UPDATED)
        for one in after:
            if one.id in known and not overwrites:
                assert keeps_what_was_known(known[one.id], one)
        check_addresses_are_one_persons(store)
    store.close()


def keeps_what_was_known(before: object, after: object) -> bool:
    names = ("external_id", "name", "company", "owner")
    return all(not getattr(before, name) or getattr(before, name) == getattr(after, name) for name in names)


def check_addresses_are_one_persons(store: Store) -> None:
    with store.read() as tx:
        current = [one.address_key for one in people(store)]
        former = [one.address_key for person in people(store) for one in former_addresses_of(tx, person.id)]
    assert len(set(current + former)) == len(current + former)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(ROW.filter(lambda row: row.split(",")[1] != ""), max_size=9))
def test_a_list_imported_twice_changes_nothing_the_second_time(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    # A row without an address is about whom its id names: nobody at first, perhaps somebody the next time.
    folder = tmp_path_factory.mktemp("lists")
    store = a_store(folder)
    listed = a_list(folder, "id,email,name,owner,stage,tags,product", *rows)
    first = brought_in(store, listed)
    state = people(store)
    second = brought_in(store, listed)
    assert counts(second).get("unchanged", 0) == first.count(Outcome.ADDED)
    assert second.count(Outcome.ADDED) == second.count(Outcome.UPDATED) == 0
    assert people(store) == state
    store.close()
