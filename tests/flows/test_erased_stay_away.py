"""Somebody who was erased is known again by a hash alone, and nothing brings them back unasked."""

from pathlib import Path
from typing import Any

import pytest

from sequencer.core.contact_import import Rules
from sequencer.core.contact_merge import ListWide
from sequencer.errors import InputError
from sequencer.flows.edit_contact import Edit, edit_contact
from sequencer.flows.import_contacts import import_contacts
from sequencer.flows.suppress import find_suppression, suppress, unsuppress
from sequencer.store import suppressions
from tests.flows.ana import ANA, BEN, ONCE, files_that_say, forget, with_a_past
from tests.flows.lists import REPS, a_list, country_code
from tests.flows.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "ws")


def test_the_address_is_known_again_by_its_hash_alone(office: Office) -> None:
    number = with_a_past(office)
    forget(office)
    store, key = office.engine.store, office.engine.key
    with store.read() as tx:
        patterns = [one.pattern for one in suppressions.all_suppressions(tx)]
    assert len(patterns) == 2  # the present address and the former one
    assert all(one.startswith("hmac:") for one in patterns)
    assert find_suppression(store, ANA, key).is_opt_out
    assert find_suppression(store, ONCE, key).contact_id == number
    with pytest.raises(InputError, match="not suppressed by itself"):
        find_suppression(store, ANA, bytes(32))


@pytest.mark.parametrize("address", [ANA, ONCE, f"Somebody <{ANA.upper()}>"])
def test_no_list_brings_them_back(office: Office, tmp_path: Path, address: str) -> None:
    with_a_past(office)
    forget(office)
    report_of = _import(office, tmp_path, "email,name", f"{address},Ana", "new@luso.example,New")
    assert [(one.outcome.value, one.reason) for one in report_of.decisions] == [
        ("skipped", "was erased on request"),
        ("added", ""),
    ]
    assert files_that_say(office.root, "zylkova") == []


def test_no_edit_no_list_of_suppressions_and_no_enrollment_brings_them_back(office: Office) -> None:
    number = with_a_past(office)
    forget(office)
    store, now, key = office.engine.store, office.clock.now(), office.engine.key
    rest: dict[str, Any] = {"reps": REPS, "country_code": country_code, "now": now, "key": key}
    with pytest.raises(InputError, match="was erased on request"):
        edit_contact(store, BEN, Edit(address=ANA), **rest)
    with pytest.raises(InputError, match="was erased on request"):
        edit_contact(store, f"#{number}", Edit(address="new@luso.example"), **rest)
    assert suppress(store, [ANA], clock=office.clock, key=key).present == 1
    plan = office.plan(f"erased-{number}@erased.invalid")
    assert [one.reason for one in plan.refused] == ["was erased on request"]
    assert files_that_say(office.root, "zylkova") == []


def test_once_the_suppression_is_removed_they_may_come_back(office: Office, tmp_path: Path) -> None:
    with_a_past(office)
    forget(office)
    unsuppress(office.engine.store, find_suppression(office.engine.store, ANA, office.engine.key))
    [decision] = _import(office, tmp_path, "email,name", f"{ANA},Ana").decisions
    assert decision.outcome.value == "added"


def _import(office: Office, folder: Path, *lines: str) -> Any:
    rules = Rules(wide=ListWide(), acting="wang", reps=REPS)
    return import_contacts(
        office.engine.store,
        a_list(folder, *lines),
        rules,
        country_code=country_code,
        now=office.clock.now(),
        key=office.engine.key,
    )
