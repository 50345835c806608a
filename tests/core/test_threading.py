"""Which thread a follow-up goes in."""

import pytest

from sequencer.core.outbox import OutboxState
from sequencer.core.threading import MAX_REFERENCES, ThreadLink, thread_headers

SENT = OutboxState.SENT


def link(number: int, *, is_root=False, state=SENT, subject="Wrenches", wire_id=None) -> ThreadLink:
    return ThreadLink(
        message_id=f"<{number}@yutools.example>",
        subject=subject,
        state=state,
        is_root=is_root,
        wire_id=wire_id,
    )


def test_a_first_message_starts_a_thread_with_its_own_subject():
    assert thread_headers([], "Wrenches") == ("Wrenches", None, ())


def test_a_first_message_without_a_subject_is_refused():
    with pytest.raises(ValueError, match="Subject"):
        thread_headers([], None)


def test_a_follow_up_answers_the_last_message_and_names_all():
    previous = [link(1, is_root=True), link(2, subject="Re: Wrenches"), link(3, subject="Re: Wrenches")]
    assert thread_headers(previous, None) == (
        "Re: Wrenches",
        "<3@yutools.example>",
        ("<1@yutools.example>", "<2@yutools.example>", "<3@yutools.example>"),
    )


def test_a_subject_of_its_own_starts_a_new_thread_and_later_steps_follow_it():
    assert thread_headers([link(1, is_root=True)], "A quote").references == ()
    previous = [link(1, is_root=True), link(2, is_root=True, subject="A quote")]
    assert thread_headers(previous, None) == ("Re: A quote", "<2@yutools.example>", ("<2@yutools.example>",))


def test_the_id_that_the_buyers_client_holds_is_answered_and_ours_is_named_too():
    previous = [link(1, is_root=True, wire_id="<0100-1@email.amazonses.com>")]
    subject, in_reply_to, references = thread_headers(previous, None)
    assert in_reply_to == "<0100-1@email.amazonses.com>"
    assert references == ("<1@yutools.example>", "<0100-1@email.amazonses.com>")
    assert subject == "Re: Wrenches"


@pytest.mark.parametrize("state", [OutboxState.REFUSED, OutboxState.UNSURE, OutboxState.CANCELLED])
def test_no_follow_up_hangs_on_a_root_that_may_never_have_arrived(state):
    previous = [link(1, is_root=True, state=state)]
    assert thread_headers(previous, None) == ("Wrenches", None, ())


def test_a_refused_message_in_the_middle_is_not_named():
    previous = [link(1, is_root=True), link(2, state=OutboxState.REFUSED), link(3)]
    assert thread_headers(previous, None).references == ("<1@yutools.example>", "<3@yutools.example>")


def test_a_long_thread_keeps_its_root_and_its_newest_ids():
    previous = [link(0, is_root=True), *(link(number) for number in range(1, 40))]
    references = thread_headers(previous, None).references
    assert len(references) == MAX_REFERENCES
    assert references[0] == "<0@yutools.example>"
    assert references[-1] == "<39@yutools.example>"
    assert references[1] == "<21@yutools.example>"


def test_a_wire_id_that_no_header_could_hold_is_left_out():
    previous = [link(1, is_root=True, wire_id="<a b\r\nX: y@z>")]
    assert thread_headers(previous, None).references == ("<1@yutools.example>",)
