"""How a folder is looked at: each case of cursor, STATUS and date."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.ports import Cursor
from sequencer.mail.reading_plan import FolderState, Look, end_of, fresh_uids, how_to_look

SINCE = datetime(2026, 3, 2, 9, 0, 0, 700_000, tzinfo=UTC)
CURSOR = Cursor(folder="INBOX", uid_validity=7, last_uid=40)
UNNUMBERED = Cursor(folder="INBOX", uid_validity=0, last_uid=40)


@pytest.mark.parametrize(
    ("cursor", "validity", "uid_next", "since", "look"),
    [
        (CURSOR, 7, 41, None, Look.NOTHING_NEW),
        (CURSOR, 7, 41, SINCE, Look.NOTHING_NEW),
        (CURSOR, 7, 42, SINCE, Look.BY_UID),
        (CURSOR, 7, None, SINCE, Look.BY_UID),
        (CURSOR, 7, 40, SINCE, Look.BY_DATE),  # the server went back
        (CURSOR, 8, 41, SINCE, Look.BY_DATE),
        (CURSOR, 8, 41, None, Look.AT_END),
        (CURSOR, 0, 42, SINCE, Look.BY_DATE),
        (None, 7, 41, SINCE, Look.BY_DATE),
        (None, 7, 41, None, Look.AT_END),
        (UNNUMBERED, 0, 42, SINCE, Look.BY_DATE),
        (UNNUMBERED, 0, 42, None, Look.BY_UID),
        (UNNUMBERED, 7, 42, SINCE, Look.BY_DATE),
    ],
)
def test_how_a_folder_is_looked_at(
    cursor: Cursor | None, validity: int, uid_next: int | None, since: datetime | None, look: Look
) -> None:
    assert how_to_look(cursor, FolderState(uid_validity=validity, uid_next=uid_next), since) is look


def test_examine_fills_what_status_did_not_say_and_the_reverse() -> None:
    examined = FolderState(uid_validity=7, messages=0)
    status = FolderState(uid_next=12, messages=3, uid_validity=6)
    assert examined.filled_from(status) == FolderState(uid_validity=7, uid_next=12, messages=0)


def test_mail_of_the_second_of_since_and_mail_without_a_date_count_as_new() -> None:
    second = SINCE.replace(microsecond=0)
    found = {5: second, 3: second - timedelta(seconds=1), 9: None, 4: second + timedelta(days=1)}
    assert fresh_uids(found, 0, SINCE) == [4, 5, 9]


UIDS = st.dictionaries(st.integers(1, 200), st.none(), max_size=30)


@given(found=UIDS, after=st.integers(0, 200), uid_next=st.one_of(st.none(), st.integers(1, 250)))
def test_no_uid_is_read_twice_and_none_is_passed_over(
    found: dict[int, None], after: int, uid_next: int | None
) -> None:
    fresh = fresh_uids(found, after, None)
    end = end_of(found, FolderState(uid_validity=7, uid_next=uid_next), after)
    assert fresh == sorted(uid for uid in found if uid > after)
    assert end >= max([after, *found])
    assert end in {after, *found, (uid_next or 1) - 1}
