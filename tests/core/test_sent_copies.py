"""When a copy is put into Sent: what the user says, what was seen, what is known, in this order."""

import pytest

from sequencer.config import SaveSent
from sequencer.core.sent_copies import RETRIES_IN, Filing, filing, next_try
from tests.flows.office import MONDAY


@pytest.mark.parametrize(
    ("save_sent", "learnt", "known", "expected"),
    [
        ("never", False, False, Filing.NOTHING),
        ("always", True, True, Filing.AT_ONCE),
        ("auto", None, None, Filing.AFTER_LOOK),
        ("auto", None, True, Filing.NOTHING),
        ("auto", None, False, Filing.AT_ONCE),
        ("auto", True, False, Filing.NOTHING),
        ("auto", False, True, Filing.AT_ONCE),
    ],
)
def test_what_was_seen_goes_before_what_is_known_of_a_provider(
    save_sent: SaveSent, learnt: bool | None, known: bool | None, expected: Filing
) -> None:
    assert filing(save_sent, learnt, known) is expected


def test_a_copy_is_tried_five_times_with_growing_waits_and_then_given_up() -> None:
    waits = [at - MONDAY for tries in range(1, 5) if (at := next_try(tries, MONDAY)) is not None]
    assert tuple(waits) == RETRIES_IN == tuple(sorted(waits))
    assert next_try(5, MONDAY) is None
