"""What the rep writes by hand ends the sequence; a copy of ours never does, whatever its relay made of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from sequencer.core.enrollment import FinishReason
from sequencer.core.html_text import text_of_html
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.store import schema
from tests.flows.in_doubt import ANA, a_copy, enrollment_of, row_of
from tests.flows.office import Office
from tests.flows.post_office import WANG, post_office
from tests.servers.provider import Files

OWN, HAND = VerdictKind.OWN_COPY, VerdictKind.HAND_WRITTEN


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path / "ws")
    office.add_contact(ANA)
    office.enroll(ANA)
    office.tick()
    return office


def read(office: Office, *raws: bytes, folder: str = "Sent", minutes: int = 1) -> list[VerdictKind]:
    """What these are taken for, in order."""
    office.clock.advance(timedelta(minutes=minutes))
    for raw in raws:
        office.mailboxes["wang"].append(folder, raw)
    office.tick()
    return [answer.kind for answer in sorted(office.answers(), key=lambda one: one.id)][-len(raws) :]


def text_of(row: OutboxRow) -> str:
    return row.content.text.replace("\n", "\r\n")


def is_taken_over(office: Office) -> bool:
    return enrollment_of(office).finish_reason is FinishReason.TAKEN_OVER


def test_the_same_subject_within_minutes_is_by_hand_when_it_says_something_else(office: Office) -> None:
    by_hand = a_copy(office, message_id="<hand@x.example>", text="Ana, I forgot the attachment. Wang")
    assert read(office, by_hand) == [HAND]
    assert is_taken_over(office)
    assert row_of(office).wire_id is None


def test_a_copy_under_a_relays_id_is_ours_and_its_id_is_learnt(office: Office) -> None:
    assert read(office, a_copy(office, message_id="<relay@x.example>")) == [OWN]
    assert not is_taken_over(office)
    assert row_of(office).wire_id == "<relay@x.example>"


def test_a_footer_and_other_line_ends_don_t_make_it_another(office: Office) -> None:
    text = text_of(row_of(office)).replace(" ", "  \r\n") + "\r\n--\r\nScanned by the relay."
    assert read(office, a_copy(office, message_id="<relay@x.example>", text=text)) == [OWN]


def test_html_alone_is_compared_as_text(office: Office) -> None:
    html = row_of(office).content.html.replace("<p>", "<P style='x'>")
    assert text_of_html(html)
    assert read(office, a_copy(office, message_id="<relay@x.example>", text=html, kind="html")) == [OWN]


def test_after_our_own_copy_was_seen_a_second_id_with_our_text_is_the_relays(office: Office) -> None:
    own, relays = a_copy(office), a_copy(office, message_id="<relay@x.example>")
    assert read(office, own, relays) == [OWN, OWN]
    assert not is_taken_over(office)


def test_after_our_own_copy_was_seen_other_words_are_by_hand(office: Office) -> None:
    by_hand = a_copy(office, message_id="<hand@x.example>", text="Ana, one more thing. Wang")
    assert read(office, a_copy(office), by_hand) == [OWN, HAND]
    assert is_taken_over(office)


def test_after_the_relays_copy_was_learnt_other_words_are_by_hand(office: Office) -> None:
    read(office, a_copy(office, message_id="<relay@x.example>"))
    by_hand = a_copy(office, message_id="<hand@x.example>", text="Ana, one more thing. Wang")
    assert read(office, by_hand) == [HAND]
    assert is_taken_over(office)


def test_an_answer_of_the_reps_that_quotes_ours_below_is_by_hand(office: Office) -> None:
    quoted = "".join(f"> {line}\r\n" for line in row_of(office).content.text.splitlines())
    for number, below in enumerate(
        (f"On Monday wang wrote:\r\n{quoted}", f"-----Original Message-----\r\n{text_of(row_of(office))}")
    ):
        text = f"Ana, did you see this?\r\n\r\n{below}"
        assert read(office, a_copy(office, message_id=f"<{number}@x.example>", text=text)) == [HAND]
    assert is_taken_over(office)


def test_a_forwarded_copy_is_by_hand_and_a_bounced_on_one_is_ours(office: Office) -> None:
    resent = b"Resent-From: wang@firm.example\r\nResent-To: ana@luso.example\r\n" + a_copy(office)
    assert read(office, resent) == [OWN]
    subject = f"Fwd: {row_of(office).content.subject}"
    forwarded = a_copy(office, message_id="<f@x.example>", subject=subject, text=text_of(row_of(office)))
    assert read(office, forwarded) == [HAND]


def test_our_text_sent_again_by_hand_long_after_is_by_hand(office: Office) -> None:
    again = a_copy(office, message_id="<hand@x.example>", text=text_of(row_of(office)))
    assert read(office, again, minutes=30) == [HAND]


def test_our_copy_filed_late_is_known_by_its_own_date(office: Office) -> None:
    assert read(office, a_copy(office, message_id="<relay@x.example>"), minutes=30) == [OWN]


def test_drafts_are_no_business_of_ours(office: Office) -> None:
    office.mailboxes["wang"].add_folder("Anything")
    kinds = read(office, a_copy(office, message_id="<d@x.example>", text="A draft"), folder="Anything")
    assert kinds == [VerdictKind.OTHER]
    assert not is_taken_over(office)


def test_without_our_text_one_copy_under_another_id_is_ours_and_no_second(office: Office) -> None:
    with office.engine.store.write() as tx:
        tx.execute(update(schema.contents).values(text="", html=""))
    first = a_copy(office, message_id="<a@x.example>", text="Whatever")
    second = a_copy(office, message_id="<b@x.example>", text="Something else")
    assert read(office, first, second) == [OWN, HAND]
    third = a_copy(office, message_id="<c@x.example>", text="And more")
    assert read(office, third) == [HAND]


def test_without_their_text_it_is_ours_but_proves_nothing(office: Office) -> None:
    headers_only = a_copy(office, message_id="<a@x.example>").partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    with office.engine.store.write() as tx:
        tx.execute(update(schema.outbox).values(state="unsure", sent_at=None))
    assert read(office, headers_only) == [OWN]
    assert row_of(office).state is OutboxState.UNSURE


def test_over_the_wire_the_relays_copy_is_ours_and_the_reps_words_are_not(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.NEVER) as post:
        post.write_to(ANA)
        [(_sender, _to, raw)] = post.host.received
        headers = row_of(post.office).headers
        assert headers is not None
        post.host.imap.append(WANG, "Sent", raw.replace(headers.message_id.encode(), b"<relay@x.example>"))
        post.tick(minutes=1)
        assert row_of(post.office).wire_id == "<relay@x.example>"
        assert enrollment_of(post.office).finish_reason is None
        by_hand = a_copy_of(raw, b"<hand@x.example>", b"Ana, one more thing.\r\n")
        post.host.imap.append(WANG, "Sent", by_hand)
        post.tick(minutes=1)
        assert enrollment_of(post.office).finish_reason is FinishReason.TAKEN_OVER


def a_copy_of(raw: bytes, message_id: bytes, words: bytes) -> bytes:
    """The same head with plain words below."""
    wanted = (b"From:", b"To:", b"Subject:", b"Date:")
    head = [line for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line.startswith(wanted)]
    return b"\r\n".join([*head, b"Message-ID: " + message_id, b"", words])
