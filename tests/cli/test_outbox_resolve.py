"""`outbox resolve`: one way, once, and not where evidence has settled it."""

from pathlib import Path

import pytest

from sequencer.core.outbox import OutboxState
from sequencer.store import unsure as doubt
from sequencer.testing import DROP
from tests.cli.command_line import run
from tests.firm import Firm


@pytest.fixture
def unsure(tmp_path: Path) -> Firm:
    """The server took Ana's first message, or not: the line broke at the final dot."""
    firm = Firm(tmp_path)
    firm.enroll("ana@luso.example")
    firm.courier.fail("DOT", DROP)
    firm.tick()
    assert firm.message(1).state is OutboxState.UNSURE
    return firm


@pytest.mark.parametrize(
    "both", [("--sent", "--resend"), ("--resend", "--not-sent"), ("--sent", "--not-sent")]
)
def test_a_message_is_resolved_in_one_way(unsure: Firm, both: tuple[str, str]) -> None:
    ran = run(unsure.session, "outbox", "resolve", "1", *both, "--yes")
    assert ran.code == 2
    assert ran.err.startswith("Error: say only one: --sent, --resend or --not-sent")
    assert unsure.message(1).state is OutboxState.UNSURE


def test_what_was_found_in_sent_says_so_and_needs_no_resolving(unsure: Firm) -> None:
    with unsure.store.write() as tx:
        assert doubt.prove(tx, unsure.message(1), "found in Sent", {"by": "sent_copy"}, unsure.clock.now())
    assert run(unsure.session, "outbox", "list", "--unsure", "--json").document["total"] == 0
    ran = run(unsure.session, "outbox", "resolve", "1", "--resend", "--yes")
    assert ran.code == 1
    assert "message 1 is sent (found in Sent), not unsure: nothing to resolve" in ran.err
    assert "(found in Sent)\n" in run(unsure.session, "outbox", "show", "1").out


def test_a_message_is_resolved_once(unsure: Firm) -> None:
    assert run(unsure.session, "outbox", "resolve", "1", "--not-sent", "--yes").code == 0
    ran = run(unsure.session, "outbox", "resolve", "1", "--sent", "--yes")
    assert ran.code == 1
    assert "message 1 is refused, not unsure" in ran.err
