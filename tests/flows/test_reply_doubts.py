"""An answer in doubt: called so when its process died, found in Sent or by an answer, never repeated."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from sequencer.core.reply import REPLY_ARROWS, Reply, ReplyState
from sequencer.errors import Attention, SequencerError
from sequencer.flows.reply_known import look_for_earlier, refuse_a_second
from sequencer.flows.reply_send import drafted, send_reply
from sequencer.store import replies
from sequencer.store.reply_lock import reply_lock
from sequencer.store.schema import replies as rows
from sequencer.testing import DROP
from tests.flows.answering import ANA, answer, answered_office, asked, heads_of, replies_of, words_for
from tests.flows.office import Office
from tests.flows.post_office import WANG, PostOffice, post_office
from tests.servers.provider import Files

S = ReplyState


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return answered_office(tmp_path / "ws")


def left_at(office: Office, state: ReplyState) -> Reply:
    """The process died while the answer stood there."""
    office.couriers["wang"].fail("DOT", DROP, is_kept=True)
    answer(office)
    put(office, state)
    return replies_of(office)[0]


def put(office: Office, state: ReplyState) -> None:
    with office.engine.store.write() as tx:
        tx.execute(update(rows).values(state=state))


def sent_copy(office: Office) -> bytes:
    return b"".join(office.couriers["wang"].received[-1].pieces)


@pytest.mark.parametrize(("state", "later"), [(S.SENDING, S.UNSURE), (S.CLAIMED, S.CANCELLED)])
def test_a_tick_says_what_became_of_one_whose_process_died(
    office: Office, state: ReplyState, later: ReplyState
) -> None:
    left_at(office, state)
    office.tick()
    assert [one.state for one in replies_of(office)] == [later]


def test_one_that_is_leaving_is_left_alone(office: Office) -> None:
    left_at(office, S.SENDING)
    with reply_lock(office.engine.workspace.database, 0) as is_mine:
        assert is_mine
        office.tick()
    assert [one.state for one in replies_of(office)] == [S.SENDING]


def test_a_copy_in_sent_that_was_read_proves_it_and_it_counts_from_when_it_left(office: Office) -> None:
    sending_at = left_at(office, S.SENDING).sending_at
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    office.mailboxes["wang"].append("Sent", sent_copy(office))
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    [found] = replies_of(office)
    assert (found.state, found.sent_at, found.reason) == (S.SENT, sending_at, "found in Sent")


def test_a_copy_that_lies_there_unread_is_looked_for(office: Office) -> None:
    left_at(office, S.SENDING)
    office.mailboxes["wang"].append("Sent", sent_copy(office))
    office.readers["wang"].read_new = lambda _cursors, _since: iter(())  # type: ignore[method-assign]
    office.tick()
    assert [one.state for one in replies_of(office)] == [S.SENT]


def test_their_answer_to_it_proves_it(office: Office) -> None:
    left_at(office, S.UNSURE)
    office.answer(office.received()[-1], "Thank you for the prices.")
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert [(one.state, one.reason) for one in replies_of(office)] == [(S.SENT, "it was answered")]


def test_an_answer_to_an_older_mail_proves_nothing(office: Office) -> None:
    left_at(office, S.UNSURE)
    office.answer(office.received()[0], "And by when?")
    office.clock.advance(timedelta(minutes=1))
    office.tick()
    assert [one.state for one in replies_of(office)] == [S.UNSURE]


def test_the_command_looks_in_sent_itself_and_says_what_is_known(office: Office) -> None:
    left_at(office, S.SENDING)
    about, trouble = look_for_earlier(office.engine, asked(office), heads_of(office))
    assert trouble == ""
    with pytest.raises(Attention, match="it was not found in Sent"):
        refuse_a_second(about)
    office.mailboxes["wang"].append("Sent", sent_copy(office))
    about, _trouble = look_for_earlier(office.engine, asked(office), heads_of(office))
    with pytest.raises(SequencerError, match="message 1 was answered by wang at"):
        refuse_a_second(about)


def test_a_copy_under_a_relays_id_is_known_by_its_words_and_another_mail_is_not(office: Office) -> None:
    reply = left_at(office, S.SENDING)
    relayed = sent_copy(office).replace(reply.message_id.encode(), b"<relay@x.example>")
    by_hand = relayed.replace(b"The prices are attached.", b"I forgot the prices.").replace(b"relay", b"hand")
    office.mailboxes["wang"].append("Sent", by_hand)
    about, _trouble = look_for_earlier(office.engine, asked(office), heads_of(office))
    assert [one.state for one in about.standing] == [S.UNSURE]
    office.mailboxes["wang"].append("Sent", relayed)
    about, _trouble = look_for_earlier(office.engine, asked(office), heads_of(office))
    assert [(one.state, one.wire_id) for one in about.standing] == [(S.SENT, "<relay@x.example>")]


def test_while_another_leaves_it_waits_and_then_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sequencer.flows import reply_send

    monkeypatch.setattr(reply_send, "reply_lock", lambda database: reply_lock(database, 0))
    about = asked(office)
    made = drafted(office.engine, about, words_for(about, "Hello."))
    with (
        reply_lock(office.engine.workspace.database, 0),
        pytest.raises(SequencerError, match="another answer has been leaving"),
    ):
        send_reply(office.engine, about, made, office.couriers["wang"])
    assert replies_of(office) == []


def test_no_arrow_leads_back_to_the_wire() -> None:
    """What may have left never becomes something that leaves."""
    reached = {S.SENDING}
    while more := {b for a, b in REPLY_ARROWS if a in reached} - reached:
        reached |= more
    assert S.CLAIMED not in reached
    assert {b for a, b in REPLY_ARROWS if a is S.UNSURE} == {S.SENT}


def conversation(post: PostOffice) -> None:
    """Ana was written to over the wire, and answered."""
    post.write_to(ANA)
    raw = post.host.received[-1][2]
    [message_id] = [line for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id: ")]
    answer_ = (
        f"From: {ANA}\r\nTo: {WANG}\r\nSubject: Re: wrenches\r\nMessage-ID: <1@luso.example>\r\n"
        f"In-Reply-To: {message_id.decode()[12:]}\r\n\r\nPrices, please.\r\n"
    )
    post.host.imap.deliver(WANG, answer_.encode())
    post.tick(minutes=5)


def send_over_the_wire(post: PostOffice) -> Reply:
    about = asked(post.office)
    made = drafted(post.office.engine, about, words_for(about, "Here they are."))
    return send_reply(post.office.engine, about, made, post.desk().courier)


@pytest.mark.parametrize("files", list(Files))
def test_its_copy_lies_in_sent_exactly_once_whoever_files_it(tmp_path: Path, files: Files) -> None:
    with post_office(tmp_path, files=files) as post:
        conversation(post)
        reply = send_over_the_wire(post)
        for minutes in (1, 2, 5, 10, 30):
            post.tick(minutes=minutes)
        copies = [raw for raw in post.sent if reply.message_id.encode() in raw.partition(b"\r\n\r\n")[0]]
        assert [raw.replace(b"\r\n", b"\n") for raw in copies] == [
            post.host.received[-1][2].replace(b"\r\n", b"\n")
        ]
        with post.office.engine.store.read() as tx:
            assert replies.next_copy_at(tx, "wang", reply.date_at) is None
