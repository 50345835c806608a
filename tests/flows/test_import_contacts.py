"""Import: each row ends in one of five ways, and nothing that is known is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sequencer.core.contact import Stage
from sequencer.core.contact_import import Outcome
from sequencer.errors import InputError
from sequencer.files.contact_file import read_contact_file
from sequencer.files.rejects_file import write_rejects
from sequencer.store.contacts import contact_at, former_addresses_of
from sequencer.store.engine import Store
from sequencer.store.schema import contacts, outbox
from sequencer.store.suppressions import NewSuppression, add_suppressions
from tests.flows.lists import NOW, a_list, a_store, add_message, brought_in, counts, outcomes, people


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = a_store(tmp_path)
    yield store
    store.close()


def test_a_row_becomes_a_contact_with_everything_it_says(store: Store, tmp_path: Path) -> None:
    header = "id,email,first name,last name,company,country,language,zone,stage,owner,tags,vip,product,note"
    who = "C-1,Ana@Luso.example,Ana,Silva,Luso,Portugal,Spanish,Europe/Lisbon"
    row = f'{who},qualified_1,li,"fair;2026",yes,pumps,hi'
    report = brought_in(store, a_list(tmp_path, header, row), tags=["2026", "new"], source="Canton fair")
    assert outcomes(report) == [(2, "added", "")]
    (ana,) = people(store)
    assert (ana.external_id, ana.address, ana.address_key) == ("C-1", "Ana@luso.example", "ana@luso.example")
    assert (ana.name, ana.company, ana.country, ana.language) == ("Ana Silva", "Luso", "PT", "es")
    assert (ana.zone, ana.stage, ana.owner) == ("Europe/Lisbon", Stage.QUALIFIED_1, "li")
    assert (ana.tags, ana.extra, ana.note) == (("fair", "2026", "new"), {"product": "pumps"}, "hi")
    assert (ana.source, ana.domain) == ("Canton fair", "luso.example")
    assert (ana.is_key_account, ana.is_role, ana.is_free_mail) == (True, False, False)


def test_role_and_free_mail_addresses_are_flagged(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "email", "sales@firm.example", "ana@qq.com"))
    assert [(one.is_role, one.is_free_mail) for one in people(store)] == [(True, False), (False, True)]


def test_importing_a_list_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    listed = a_list(
        tmp_path,
        "id,email,name,country,tags,product",
        "1,ana@x.example,Ana,Atlantis,a;b,pumps",
        ",bo@gmail.com;b.o@gmail.com;eva@x.example,Bo,德国,,",
        ",broken@,Cy,,,",
    )
    assert counts(brought_in(store, listed, tags=["t"], owner="wang")) == {
        "added": 3,
        "skipped": 1,
        "rejected": 1,
    }
    before = people(store)
    again = brought_in(store, listed, tags=["t"], owner="wang", overwrites=True)
    assert counts(again) == {"unchanged": 3, "skipped": 1, "rejected": 1}
    assert people(store) == before


def test_an_update_fills_blanks_and_leaves_the_rest(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "email,name,company,tags,product", "ana@x.example,Ana,,a,pumps"))
    report = brought_in(
        store,
        a_list(tmp_path, "email,name,company,tags,product,port", "ANA@x.example,Anna,Luso,b,valves,Sines"),
    )
    assert counts(report) == {"updated": 1}
    (ana,) = people(store)
    assert (ana.name, ana.company, ana.tags) == ("Ana", "Luso", ("a", "b"))
    assert ana.extra == {"product": "pumps", "port": "Sines"}
    assert ana.address == "ana@x.example"


def test_overwriting_replaces_but_a_blank_never_erases(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "email,name,company,stage,vip", "ana@x.example,Ana,Luso,won,yes"))
    listed = a_list(tmp_path, "email,name,company,stage,vip", "ana@x.example,Anna,,lost,no")
    assert counts(brought_in(store, listed)) == {"unchanged": 1}
    assert counts(brought_in(store, listed, overwrites=True)) == {"updated": 1}
    (ana,) = people(store)
    assert (ana.name, ana.company, ana.stage, ana.is_key_account) == ("Anna", "Luso", Stage.LOST, False)


def test_only_a_changed_contact_gets_a_new_update_time(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "email,name", "ana@x.example,Ana", "bo@x.example,"))
    later = NOW.replace(hour=15)
    brought_in(store, a_list(tmp_path, "email,name", "ana@x.example,Ana", "bo@x.example,Bo"), now=later)
    with store.read() as tx:
        times = tx.execute(select(contacts.c.created_at, contacts.c.updated_at).order_by(contacts.c.id)).all()
    assert [tuple(row) for row in times] == [(NOW, NOW), (NOW, later)]


def test_several_addresses_in_a_cell_are_several_people_of_one_company(store: Store, tmp_path: Path) -> None:
    listed = a_list(
        tmp_path,
        "id,email,name,phone,company",
        '7,"info@luso.example; ana@luso.example / x@luso.example, nonsense",Ana Silva,+351 1,Luso',
    )
    report = brought_in(store, listed)
    assert report.lines == 1
    assert counts(report) == {"added": 3, "rejected": 1}
    found = [(one.address, one.external_id, one.name, one.phone, one.company) for one in people(store)]
    assert found == [
        ("info@luso.example", None, "", "", "Luso"),
        ("ana@luso.example", "7", "Ana Silva", "+351 1", "Luso"),
        ("x@luso.example", None, "", "", "Luso"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Ana,,,,", "there is no address"),
        ("ana@,Ana,,,,", "'ana@'"),
        ("ana@x.example,Ana,nobody,,,", "there is no rep 'nobody'; the reps are li, wang"),
        ("ana@x.example,Ana,,dreaming,,", "there is no stage 'dreaming'"),
        ("ana@x.example,Ana,,,CET+1,", "there is no time zone 'CET+1'"),
        ("ana@x.example,Ana,,,,perhaps", "is_key_account is yes or no, not 'perhaps'"),
        ("ana@x.example,Ana,,,,,,surplus", "has 8 cells where the header has 6"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_its_reason(
    store: Store, tmp_path: Path, row: str, reason: str
) -> None:
    report = brought_in(store, a_list(tmp_path, "email,name,owner,stage,zone,vip", row, "bo@x.example,Bo"))
    assert [one.value for one in (report.decisions[0].outcome, report.decisions[1].outcome)] == [
        "rejected",
        "added",
    ]
    assert reason in report.decisions[0].reason


def test_what_is_not_known_is_kept_and_noted(store: Store, tmp_path: Path) -> None:
    report = brought_in(
        store, a_list(tmp_path, "email,country,language", "ana@x.example,Atlantis,Atlantic speech")
    )
    assert report.decisions[0].notes[0] == "country 'Atlantis' is not known; kept as extra.country"
    (ana,) = people(store)
    assert (ana.country, ana.language) == ("", "")
    assert ana.extra == {"country": "Atlantis", "language": "Atlantic speech"}


def test_a_repeated_row_is_skipped_and_a_contradicting_one_rejected(store: Store, tmp_path: Path) -> None:
    listed = a_list(
        tmp_path,
        "id,email,name",
        "1,ana@x.example,Ana",
        ",Ana@X.example,Anna",
        "1,ana@x.example,Ana",
        "1,other@x.example,Ana",
        "2,ana@x.example,Ana",
        "3,broken@,Bo",
        "3,bo@x.example,Bo",
    )
    assert outcomes(brought_in(store, listed)) == [
        (2, "added", ""),
        (3, "skipped", "same as line 2"),
        (4, "skipped", "same as line 2"),
        (5, "rejected", "id 1 is on line 2 with another address"),
        (6, "rejected", "the address is on line 2 with id 1"),
        (7, "rejected", "'broken@': there must be something after the @-sign"),
        (8, "added", ""),
    ]


def test_the_id_column_finds_the_contact_before_the_address_does(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@x.example", "2,bo@x.example"))
    listed = a_list(tmp_path, "id,email,name", "2,ana@x.example,Bo", "1,,Ana", "9,bo@x.example,Bo", "8,,Cy")
    assert outcomes(brought_in(store, listed)) == [
        (2, "rejected", "the address is already that of contact 1"),
        (3, "updated", ""),
        (4, "rejected", "the address is already that of contact 2"),
        (5, "rejected", "there is no contact with id 8, and no address"),
    ]


def test_an_address_finds_a_contact_that_has_no_id_and_gives_it_one(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "email", "ana@x.example"))
    assert counts(brought_in(store, a_list(tmp_path, "id,email", "1,ana@x.example"))) == {"updated": 1}
    assert people(store)[0].external_id == "1"


def test_a_new_address_keeps_the_old_one_and_cancels_what_is_unsent(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "id,email,name", "1,ana@x.example,Ana"))
    add_message(store, people(store)[0].id, "ready")
    report = brought_in(store, a_list(tmp_path, "id,email,name", "1,ana@new.example,Ana"))
    assert counts(report) == {"updated": 1}
    assert report.decisions[0].notes == ("the address was ana@x.example",)
    (ana,) = people(store)
    assert (ana.address_key, ana.domain) == ("ana@new.example", "new.example")
    with store.read() as tx:
        assert [one.address_key for one in former_addresses_of(tx, ana.id)] == ["ana@x.example"]
        assert contact_at(tx, "ana@x.example") == ana
        assert tx.scalar(select(outbox.c.state)) == "cancelled"


def test_a_row_at_a_former_address_is_the_contact_and_does_not_move_it_back(
    store: Store, tmp_path: Path
) -> None:
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@x.example"))
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@new.example"))
    old = a_list(tmp_path, "id,email,name", "1,ana@x.example,Ana")
    report = brought_in(store, old)
    assert counts(report) == {"updated": 1}
    assert report.decisions[0].notes == ("ana@x.example is a former address; ana@new.example stays",)
    assert people(store)[0].address == "ana@new.example"
    other = brought_in(store, a_list(tmp_path, "id,email", "2,ana@x.example"))
    assert outcomes(other) == [(2, "rejected", "the address is already that of contact 1")]
    brought_in(store, old, overwrites=True)
    (ana,) = people(store)
    assert ana.address == "ana@x.example"
    with store.read() as tx:
        assert [one.address for one in former_addresses_of(tx, ana.id)] == ["ana@new.example"]


def test_two_addresses_of_one_contact_in_a_list_are_one_row(store: Store, tmp_path: Path) -> None:
    for address in ("ana@x.example", "ana@y.example", "ana@z.example"):
        brought_in(store, a_list(tmp_path, "id,email", f"1,{address}"))
    listed = a_list(
        tmp_path, "id,email", ",ana@x.example", ",ana@y.example", ",ana@z.example", "1,ana@z.example"
    )
    assert outcomes(brought_in(store, listed)) == [
        (2, "unchanged", ""),
        (3, "skipped", "same as line 2"),
        (4, "skipped", "same as line 2"),
        (5, "skipped", "same as line 2"),
    ]
    other = a_list(tmp_path, "id,email", ",ana@z.example", "1,ana@new.example")
    assert outcomes(brought_in(store, other))[1] == (3, "rejected", "id 1 is on line 2 with another address")


def test_row_numbers_as_ids_do_not_turn_one_buyer_into_another(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "id,email,name,company", "1,ana@x.example,Ana,Luso"))
    other = a_list(tmp_path, "id,email,name,company", "1,bo@y.example,Bo,Nordic")
    assert "somebody else it seems" in brought_in(store, other).decisions[0].reason
    assert people(store)[0].address == "ana@x.example"
    moved = a_list(tmp_path, "id,email,name,company", "1,ana@y.example,ANA,Nordic")
    assert counts(brought_in(store, moved)) == {"updated": 1}


def test_another_reps_contact_is_skipped_and_an_unowned_one_taken(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "email,owner", "ana@x.example,li", "bo@x.example,"))
    listed = a_list(tmp_path, "email,name", "ana@x.example,Ana", "bo@x.example,Bo")
    assert outcomes(brought_in(store, listed, owner="wang")) == [
        (2, "skipped", "owned by li"),
        (3, "updated", ""),
    ]
    assert outcomes(brought_in(store, listed, acting="wang"))[0] == (2, "skipped", "owned by li")
    assert outcomes(brought_in(store, listed, acting="wang", overwrites=True))[0][1] == "skipped"
    assert outcomes(brought_in(store, listed, acting="li"))[0] == (2, "updated", "")
    assert [one.owner for one in people(store)] == ["li", "wang"]


def test_an_owner_for_the_list_must_be_a_rep(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no rep 'nobody'"):
        brought_in(store, a_list(tmp_path, "email", "ana@x.example"), owner="nobody")


def test_suppressed_people_are_imported_and_it_is_said(store: Store, tmp_path: Path) -> None:
    with store.write() as tx:
        new = [NewSuppression(pattern="*@x.example", reason="competitor")]
        add_suppressions(tx, [*new, NewSuppression(pattern="a.na@gmail.com", reason="opted_out")], NOW)
    report = brought_in(store, a_list(tmp_path, "email", "bo@x.example", "ana+1@gmail.com", "cy@y.example"))
    assert [one.notes for one in report.decisions] == [
        ("suppressed (competitor): nothing will be sent",),
        ("suppressed (opted_out): nothing will be sent",),
        (),
    ]
    assert counts(report) == {"added": 3}


def test_a_dry_run_writes_nothing(store: Store, tmp_path: Path) -> None:
    brought_in(store, a_list(tmp_path, "id,email", "1,ana@x.example"))
    before = people(store)
    listed = a_list(tmp_path, "id,email", "1,ana@new.example", "2,bo@x.example")
    dry = brought_in(store, listed, is_dry_run=True)
    assert people(store) == before
    assert outcomes(dry) == outcomes(brought_in(store, listed))


def test_rejected_rows_can_be_mended_and_imported_again(store: Store, tmp_path: Path) -> None:
    listed = a_list(
        tmp_path,
        "email,name,product",
        '"ana@x.example; bo@",=Ana,+49',
        "cy@x.example,Cy,p,surplus",
        "eva@x.example,Eva,p",
    )
    report = brought_in(store, listed)
    path = write_rejects(Path(listed.path), listed, report.of(Outcome.REJECTED))
    assert path.name == f"{Path(listed.path).name}.rejects.csv"
    text = path.read_bytes().decode("utf-8-sig")
    assert text.splitlines()[0] == "email,name,product,rejected_line,rejected_reason"
    assert text.splitlines()[1].startswith("bo@,'=Ana,'+49,2,")
    assert text.splitlines()[2] == "cy@x.example,Cy,p,3,has 4 cells where the header has 3: surplus"
    path.write_text(text.replace("bo@,", "bo@x.example,"), encoding="utf-8-sig")
    assert counts(brought_in(store, read_contact_file(path))) == {"added": 2}
    bo = next(one for one in people(store) if one.address == "bo@x.example")
    assert (bo.name, bo.extra) == ("=Ana", {"product": "+49"})


def test_rejects_that_somebody_mends_are_not_written_over(store: Store, tmp_path: Path) -> None:
    listed = a_list(tmp_path, "email,name", "bo@,Bo")
    rejected = brought_in(store, listed).of(Outcome.REJECTED)
    first = write_rejects(Path(listed.path), listed, rejected)
    assert write_rejects(Path(listed.path), listed, rejected) == first
    first.write_text("email,name\nbo@x.example,Bo\n", encoding="utf-8")
    second = write_rejects(Path(listed.path), listed, rejected)
    assert second.name == f"{Path(listed.path).name}.rejects-2.csv"
    assert "bo@x.example" in first.read_text(encoding="utf-8")


def test_twenty_thousand_rows_are_all_accounted_for(store: Store, tmp_path: Path) -> None:
    rows = [f"{n},user{n}@firm{n % 700}.example,User {n}" for n in range(19_000)]
    rows += [f",USER{n}@firm{n % 700}.example," for n in range(500)] + ["x,not an address,"] * 500
    listed = a_list(tmp_path, "id,email,name", *rows)
    report = brought_in(store, listed)
    assert counts(report) == {"added": 19_000, "skipped": 500, "rejected": 500}
    found = people(store)
    assert len(found) == 19_000
    assert found[12_345].external_id == "12345"
    assert {one.name for one in found} == {f"User {n}" for n in range(19_000)}
    assert counts(brought_in(store, listed)) == {"unchanged": 19_000, "skipped": 500, "rejected": 500}
