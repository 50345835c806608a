"""Each row of the fault matrix, played over real protocols: never two copies, never after an answer."""

from pathlib import Path

import pytest

from tests.faults import imap_play, smtp_play
from tests.faults.row import ImapRow, SmtpRow
from tests.faults.table import IMAP, SMTP


@pytest.mark.parametrize("row", SMTP, ids=lambda row: row.happens)
def test_a_fault_of_smtp_ends_as_its_row_says(
    row: SmtpRow, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert smtp_play.play(row.fault, tmp_path, caplog) == smtp_play.Played(
        message=row.message,
        copies=row.copies,
        enrollment=row.enrollment,
        mailbox=row.mailbox,
        read=row.read,
        afterwards=row.afterwards,
    )


@pytest.mark.parametrize("row", IMAP, ids=lambda row: row.happens)
def test_a_fault_of_imap_ends_as_its_row_says(
    row: ImapRow, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert imap_play.play(row, tmp_path, caplog) == imap_play.Played(
        followup=row.followup,
        enrollment=row.enrollment,
        inbox=row.inbox,
        read=row.read,
        afterwards=row.afterwards,
    )


@pytest.mark.parametrize("row", IMAP, ids=lambda row: row.happens)
def test_an_answer_behind_a_fault_of_imap_is_never_written_over(row: ImapRow, tmp_path: Path) -> None:
    assert imap_play.play_answered(row, tmp_path) == row.answered


def test_the_matrix_is_as_large_as_promised_and_no_row_stands_twice() -> None:
    assert len(SMTP) + len(IMAP) >= 40
    for rows in (SMTP, IMAP):
        names = [row.happens for row in rows]
        assert len(set(names)) == len(names)


def test_no_row_promises_a_second_copy_or_a_mail_after_an_answer() -> None:
    assert {row.afterwards for row in SMTP} <= {
        "sent, 1 copy",
        "refused, 0 copies",
        "unsure, 0 copies",
        "unsure, 1 copy",
    }
    assert {row.afterwards for row in IMAP} == {"sent, 1 copy"}
    assert {row.answered for row in IMAP} == {"finished: replied, 0 copies"}
    assert {row.followup for row in IMAP if row.inbox != "read"} == {"ready, 0 copies"}
