"""Suppressions in the database: every way of asking gives one answer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequencer.store.contacts import contacts_of, insert_contacts
from sequencer.store.engine import Store
from sequencer.store.suppressions import (
    NewSuppression,
    add_suppressions,
    all_suppressions,
    is_suppressed,
    remove_suppression,
    suppressed_among,
    suppressed_contacts,
    suppression_of,
)
from sequencer.testing import a_contact
from tests.flows.lists import NOW, a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    yield store
    store.close()


def new(pattern: str, reason: str = "manual", contact_id: int | None = None) -> NewSuppression:
    return NewSuppression(pattern=pattern, reason=reason, source="test", contact_id=contact_id)


def test_patterns_are_stored_in_one_form_and_once(store: Store) -> None:
    with store.write() as tx:
        assert (
            add_suppressions(
                tx, [new("*@Competitor.EXAMPLE"), new("A.na@gmail.com"), new("ana@GMAIL.com")], NOW
            )
            == 2
        )
        assert add_suppressions(tx, [new("ana+x@googlemail.com")], NOW) == 0
        found = [(one.pattern, one.like_pattern, one.created_at) for one in all_suppressions(tx)]
        assert found == [
            ("*@competitor.example", "%@competitor.example", NOW),
            ("ana@gmail.com", None, NOW),
        ]


def test_the_buyers_own_word_replaces_other_reasons_and_is_not_replaced(store: Store) -> None:
    with store.write() as tx:
        insert_contacts(tx, [a_contact("ana@x.example")], NOW)
        add_suppressions(tx, [new("ana@x.example", "bounced")], NOW)
        add_suppressions(tx, [new("ana@x.example", "competitor")], NOW)
        assert [one.reason for one in all_suppressions(tx)] == ["bounced"]
        add_suppressions(tx, [new("ana@x.example", "opted_out", 1)], NOW)
        add_suppressions(tx, [new("ana@x.example", "bounced")], NOW + timedelta(days=1))
        add_suppressions(tx, [new("ana@x.example", "complained")], NOW)
        (one,) = all_suppressions(tx)
        assert (one.reason, one.contact_id, one.is_opt_out) == ("opted_out", 1, True)


def test_within_one_batch_the_buyers_word_wins_too(store: Store) -> None:
    with store.write() as tx:
        add_suppressions(tx, [new("ana@x.example", "bounced"), new("Ana@x.example", "opted_out")], NOW)
        assert [one.reason for one in all_suppressions(tx)] == ["opted_out"]


def test_a_suppression_can_cover_a_contact_at_any_address(store: Store) -> None:
    with store.write() as tx:
        insert_contacts(
            tx, [a_contact("ana@x.example"), a_contact("bo@x.example"), a_contact("cy@y.example")], NOW
        )
        add_suppressions(tx, [new("old@x.example", "opted_out", 1), new("*@y.example")], NOW)
        assert is_suppressed(tx, "ana@x.example") is None
        covering = is_suppressed(tx, "ana@x.example", 1)
        assert covering is not None
        assert covering.pattern == "old@x.example"
        assert is_suppressed(tx, "bo@x.example", 2) is None
        people = list(contacts_of(tx, [1, 2, 3]).values())
        found = suppressed_contacts(tx, people)
        assert {contact_id: one.pattern for contact_id, one in found.items()} == {
            1: "old@x.example",
            3: "*@y.example",
        }


def test_a_removed_suppression_covers_nobody(store: Store) -> None:
    with store.write() as tx:
        add_suppressions(tx, [new("*@x.example"), new("ana@x.example")], NOW)
        found = suppression_of(tx, "*@X.example")
        assert found is not None
        remove_suppression(tx, found.id)
        assert is_suppressed(tx, "bo@x.example") is None
        assert is_suppressed(tx, "ana@x.example") is not None


LOCAL = st.text("ab_%.", min_size=1, max_size=3)
DOMAIN = st.sampled_from(["x.example", "sub.x.example", "y_z.example", "yaz.example"])
KEYS = st.lists(st.builds("{}@{}".format, LOCAL, DOMAIN), max_size=6)
PATTERNS = st.lists(
    st.builds(
        "{}@{}".format,
        st.text("ab_%.*", min_size=1, max_size=3),
        st.sampled_from(["*", "*.example"]) | DOMAIN,
    ),
    max_size=5,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(KEYS, PATTERNS)
def test_asking_for_many_is_asking_for_each(store: Store, keys: list[str], patterns: list[str]) -> None:
    with store.write() as tx:
        for one in all_suppressions(tx):
            remove_suppression(tx, one.id)
        add_suppressions(tx, [new(pattern) for pattern in patterns], NOW)
        assert suppressed_among(tx, keys).keys() == {key for key in keys if is_suppressed(tx, key)}
