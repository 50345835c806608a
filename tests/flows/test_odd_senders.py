"""A sender whose domain is none blocks no reading and hides no answer that comes with it."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"


@pytest.mark.parametrize("sender", ["x@a..b", "x@-b..com", "x@☃..", "x@.", "x@?.com", "x@é\u200d.com"])
def test_an_answer_behind_it_is_read(tmp_path: Path, sender: str) -> None:
    office = Office(tmp_path / "w")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    [ours] = office.received()
    odd = f"From: <{sender}>\r\nTo: wang@firm.example\r\nSubject: Hello\r\n\r\nHello\r\n"
    office.mailboxes["wang"].append("INBOX", odd.encode())
    office.answer(ours, "Yes, please send prices.")
    office.run(MONDAY + timedelta(hours=5))
    [enrollment] = office.enrollments()
    assert enrollment.state is EnrollmentState.FINISHED
