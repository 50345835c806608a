"""A rep's answer goes in the thread, once, and is known for ours wherever it turns up."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.core.enrollment import FinishReason
from sequencer.core.inbound import VerdictKind
from sequencer.core.reply import ReplyState
from sequencer.errors import InputError, SequencerError
from sequencer.files.loose_files import loose_file
from sequencer.store import suppressions
from sequencer.store.mailboxes import pause
from sequencer.store.suppressions import NewSuppression
from sequencer.testing import DROP
from tests.flows.answering import ANA, answer, answered_office, asked, replies_of, words_for
from tests.flows.office import Office, parse

S = ReplyState


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return answered_office(tmp_path / "ws")


def test_it_answers_in_the_thread_from_the_mailbox_that_wrote(office: Office) -> None:
    first = office.received()[0]
    theirs = office.answers()[0].message_id
    assert answer(office).state is S.SENT
    sent = office.received()[-1]
    assert sent["From"].addresses[0].addr_spec == "wang@firm.example"
    assert sent["To"].addresses[0].addr_spec == ANA
    assert sent["Subject"] == "Re: Torque wrenches for Luso Tools Lda"
    assert sent["In-Reply-To"] == theirs
    assert sent["References"].split() == [first["Message-ID"], theirs]
    assert sent["List-Unsubscribe"] is None
    text = sent.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("The prices are attached.\n\nWang Lei\n\nOn 2026-03-02 1")
    assert text.rstrip().endswith("wrote:\n> Yes, please send prices.")
    assert "<blockquote" in sent.get_body(("html",)).get_content()


def test_it_goes_where_they_want_answers(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    first = office.received()[0]
    raw = (
        f"From: {ANA}\r\nReply-To: Sales <sales@luso.example>, wang@firm.example\r\nTo: wang@firm.example\r\n"
        f"Subject: Prices?\r\nMessage-ID: <7@luso.example>\r\nIn-Reply-To: {first['Message-ID']}\r\n"
        f"References: <0@x.example> {first['Message-ID']} <1@x.example>\r\n\r\nPrices, please.\r\n"
    )
    office.mailboxes["wang"].append("INBOX", raw.encode())
    office.clock.advance(timedelta(minutes=5))
    office.tick()
    answer(office)
    sent = office.received()[-1]
    assert sent["To"] == "sales@luso.example"
    assert sent["Subject"] == "Re: Prices?"
    assert sent["References"].split() == [
        "<0@x.example>",
        first["Message-ID"],
        "<1@x.example>",
        "<7@luso.example>",
    ]


def test_a_reply_to_that_names_us_is_not_followed(office: Office) -> None:
    from dataclasses import replace

    from sequencer.flows.reply_question import _to

    found = replace(asked(office).answer, reply_to="Wang@Firm.example")
    assert _to(office.engine, found) == ANA


def test_files_are_attached(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_bytes(b"model,price\n")
    answer(office, "Here they are.", loose_file(office.engine.workspace, str(file)))
    [part] = office.received()[-1].iter_attachments()
    assert (part.get_filename(), part.get_payload(decode=True)) == ("prices.csv", b"model,price\n")


def test_the_wait_ends_with_the_answer(office: Office) -> None:
    assert office.answers()[0].is_waiting
    answer(office)
    [found] = [one for one in office.answers() if one.id == 1]
    assert found.answered_at == office.clock.now()
    assert not found.is_waiting


def test_a_second_one_is_not_begun_on_what_was_known_before_the_first(office: Office) -> None:
    from sequencer.flows.reply_send import drafted, send_reply

    about = asked(office)
    answer(office)
    made = drafted(office.engine, about, words_for(about, "Once more."))
    with pytest.raises(SequencerError, match="answered a moment ago"):
        send_reply(office.engine, about, made, office.couriers["wang"])
    assert len(office.received()) == 2
    assert answer(office, "One more thing.").number == 2  # the rep looked again, and wants it


def test_what_ran_for_the_contact_is_taken_over(tmp_path: Path) -> None:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    first = office.received()[0]
    away = (
        f"From: {ANA}\r\nTo: wang@firm.example\r\nSubject: Automatic reply: wrenches\r\n"
        f"Auto-Submitted: auto-replied\r\nMessage-ID: <ooo@luso.example>\r\n"
        f"In-Reply-To: {first['Message-ID']}\r\n\r\nI am out of the office until 9 March 2026.\r\n"
    )
    office.mailboxes["wang"].append("INBOX", away.encode())
    office.clock.advance(timedelta(minutes=5))
    office.tick()
    assert [one.state for one in office.enrollments()] == ["held"]
    answer(office, "Enjoy your days off.")
    assert [one.finish_reason for one in office.enrollments()] == [FinishReason.TAKEN_OVER]


def test_its_copy_in_sent_is_ours_and_nothing_is_taken_over_by_it(office: Office) -> None:
    answer(office)
    office.mailboxes["wang"].append("Sent", b"".join(office.couriers["wang"].received[-1].pieces))
    office.add_contact("rui@other.example")
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    copy = max(office.answers(), key=lambda one: one.id)
    assert (copy.kind, copy.effects) == (VerdictKind.OWN_COPY, [])


def test_a_copy_under_a_relays_id_is_ours_too(office: Office) -> None:
    reply = answer(office)
    raw = b"".join(office.couriers["wang"].received[-1].pieces)
    office.mailboxes["wang"].append("Sent", raw.replace(reply.message_id.encode(), b"<relay@x.example>"))
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert max(office.answers(), key=lambda one: one.id).kind is VerdictKind.OWN_COPY
    assert replies_of(office)[0].wire_id == "<relay@x.example>"


def test_their_next_answer_is_matched_by_the_id_of_ours(office: Office) -> None:
    answer(office)
    office.clock.advance(timedelta(minutes=5))
    office.answer(office.received()[-1], "Fine, we order 20.", sender="boss@elsewhere.example")
    office.clock.advance(timedelta(minutes=5))
    office.tick()
    found = max(office.answers(), key=lambda one: one.id)
    assert (found.kind, found.match_via, found.contact_address) == (VerdictKind.REPLY, "references", ANA)
    assert found.is_waiting


@pytest.mark.parametrize(
    ("verb", "answer_line", "state"),
    [
        ("RCPT", "550 5.1.1 no such user", S.REFUSED),
        ("DOT", "554 5.7.1 no", S.REFUSED),
        ("RCPT", "451 4.7.1 later", S.CANCELLED),
        ("DOT", "451 4.7.1 later", S.CANCELLED),
        ("DOT", DROP, S.UNSURE),
    ],
)
def test_every_end_is_written(office: Office, verb: str, answer_line: str, state: S) -> None:
    office.couriers["wang"].fail(verb, answer_line)
    assert answer(office).state is state
    assert [one.state for one in replies_of(office)] == [state]


def test_what_did_not_leave_can_be_tried_again_and_what_may_have_is_counted(office: Office) -> None:
    office.couriers["wang"].fail("RCPT", "451 4.7.1 later")
    answer(office)
    assert asked(office).standing == ()
    assert answer(office).number == 1
    office.couriers["wang"].fail("DOT", DROP)
    assert answer(office, "And this.").state is S.UNSURE
    assert [one.number for one in asked(office).standing] == [1, 2]


def suppress(office: Office, reason: str) -> None:
    with office.engine.store.write() as tx:
        new = NewSuppression(pattern=ANA, reason=reason)
        suppressions.add_suppressions(tx, [new], office.clock.now())


@pytest.mark.parametrize(
    ("reason", "hint"),
    [("opted_out", "only their own later wish"), ("manual", "suppressions remove 'ana@luso.example'")],
)
def test_the_suppressed_are_not_answered(office: Office, reason: str, hint: str) -> None:
    suppress(office, reason)
    with pytest.raises(SequencerError, match=reason) as caught:
        asked(office)
    assert hint in (caught.value.hint or "")


def test_an_opt_out_while_the_server_is_dialled_keeps_the_answer_back(office: Office) -> None:
    from sequencer.flows.reply_send import drafted, send_reply

    about = asked(office)
    made = drafted(office.engine, about, words_for(about, "Hello."))
    suppress(office, "opted_out")
    done = send_reply(office.engine, about, made, office.couriers["wang"])
    assert (done.state, done.reason) == (
        S.CANCELLED,
        f"{ANA} asked for no more mail (opted_out): not even an answer is sent",
    )
    assert len(office.received()) == 1


def test_a_paused_mailbox_another_reps_contact_and_a_machine_are_refused(office: Office) -> None:
    with pytest.raises(SequencerError, match="belongs to wang, not to li"):
        asked(office, rep="li")
    with pytest.raises(InputError, match="no incoming message 9"):
        asked(office, 9)
    with office.engine.store.write() as tx:
        pause(tx, ["wang"], "wrong password", office.clock.now())
    with pytest.raises(SequencerError, match="mailbox wang is paused: wrong password"):
        asked(office)


def test_a_mail_of_ours_is_nothing_to_answer(office: Office) -> None:
    answer(office)
    office.mailboxes["wang"].append("Sent", b"".join(office.couriers["wang"].received[-1].pieces))
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    with pytest.raises(InputError, match="a copy of our own mail: nobody reads"):
        asked(office, max(one.id for one in office.answers()))


def test_the_rehearsal_list_holds_here_too(office: Office) -> None:
    office.with_only_to("*@firm.example")
    with pytest.raises(SequencerError, match="not on the rehearsal list"):
        asked(office)


def test_what_left_is_byte_for_byte_what_is_filed(office: Office) -> None:
    from sequencer.flows.reply_bytes import bytes_of

    reply = answer(office)
    mailbox = office.engine.config.mailbox("wang")
    assert mailbox is not None
    again = bytes_of(office.engine, mailbox, reply)
    assert parse(again).as_bytes() == office.received()[-1].as_bytes()
    assert b"".join(again.pieces) == b"".join(office.couriers["wang"].received[-1].pieces)
