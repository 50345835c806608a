"""The proofs bite: each kind of breach is found, and what is allowed is not."""

from datetime import UTC, datetime, timedelta

from sequencer.demo.buyer import Answer, Temper
from sequencer.demo.proof import Proof, content_hash, prove
from sequencer.demo.receipt import Receipt

OURS, OTHER = "li@firm.example", "wang@firm.example"
BUYER = "ana@luso.example"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AGE = timedelta(seconds=60)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def mail(message_id: str, text: str, *, date: str = "Mon, 02 Mar 2026 12:00:00 +0000") -> bytes:
    return (
        f"Message-ID: <{message_id}@firm.example>\r\nDate: {date}\r\nSubject: Tools\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text
    ).encode()


def receipt(seconds: float, message_id: str, text: str, *, to: str = BUYER, sender: str = OURS) -> Receipt:
    return Receipt(at=at(seconds), sender=sender, recipient=to, raw=mail(message_id, text))


def answer(seconds: float, *, is_stopping: bool = True, buyer: str = BUYER) -> Answer:
    return Answer(
        at=at(seconds),
        temper=Temper.REPLY,
        buyer=buyer,
        mailbox=OURS,
        sender=buyer,
        raw=b"",
        is_stopping=is_stopping,
    )


def proved(receipts: list[Receipt], answers: list[Answer], readings: list[float]) -> Proof:
    looks = [at(seconds) for seconds in readings]
    known = {"<a@firm.example>", "<b@firm.example>"}
    return prove(receipts, answers, {OURS: looks, OTHER: []}, known, AGE)


def test_two_different_mails_with_a_look_between_them_are_fine() -> None:
    proof = proved([receipt(0, "a", "One"), receipt(3600, "b", "Two")], [], [0, 3590])
    assert proof.holds


def test_the_same_id_to_the_same_buyer_is_a_duplicate() -> None:
    proof = proved([receipt(0, "a", "One"), receipt(10, "a", "Two")], [], [0])
    assert [breach.receipt.at for breach in proof.duplicates] == [at(10)]


def test_the_same_content_under_another_id_and_date_is_a_duplicate() -> None:
    again = Receipt(
        at=at(10),
        sender=OURS,
        recipient=BUYER,
        raw=mail("b", "One", date="Tue, 03 Mar 2026 12:00:00 +0000"),
    )
    assert len(proved([receipt(0, "a", "One"), again], [], [0]).duplicates) == 1


def test_the_same_content_to_two_buyers_is_no_duplicate() -> None:
    receipts = [receipt(0, "a", "One"), receipt(10, "b", "One", to="bo@nord.example")]
    assert proved(receipts, [], [0]).holds


def test_one_buyer_is_one_in_capitals_too() -> None:
    receipts = [receipt(0, "a", "One"), receipt(10, "b", "One", to="Ana@Luso.example")]
    assert len(proved(receipts, [], [0]).duplicates) == 1


def test_a_follow_up_after_an_answer_that_was_there_to_be_read_is_a_breach() -> None:
    receipts = [receipt(0, "a", "One"), receipt(3600, "b", "Two")]
    proof = proved(receipts, [answer(3500)], [0, 3590])
    assert [breach.receipt.at for breach in proof.sent_after_answer] == [at(3600)]


def test_an_answer_in_the_second_of_the_look_or_later_is_within_the_residual_window() -> None:
    receipts = [receipt(0, "a", "One"), receipt(3600, "b", "Two")]
    assert proved(receipts, [answer(3590.2), answer(3595)], [0, 3590]).holds


def test_an_out_of_office_stops_nothing() -> None:
    receipts = [receipt(0, "a", "One"), receipt(3600, "b", "Two")]
    assert proved(receipts, [answer(10, is_stopping=False)], [0, 3590]).holds


def test_an_answer_of_somebody_else_stops_nothing() -> None:
    receipts = [receipt(0, "a", "One"), receipt(3600, "b", "Two")]
    assert proved(receipts, [answer(10, buyer="bo@nord.example")], [0, 3590]).holds


def test_a_follow_up_without_a_recent_look_is_a_breach_though_nobody_answered() -> None:
    receipts = [receipt(0, "a", "One"), receipt(3600, "b", "Two")]
    assert len(proved(receipts, [], [0, 3539]).sent_after_answer) == 1
    assert proved(receipts, [], [0, 3540]).holds


def test_each_mailbox_that_wrote_must_have_been_looked_at() -> None:
    receipts = [receipt(0, "a", "One", sender=OTHER), receipt(3600, "b", "Two")]
    proof = proved(receipts, [], [0, 3599])
    assert OTHER in proof.sent_after_answer[0].reason


def test_a_first_mail_needs_no_look() -> None:
    assert proved([receipt(0, "a", "One")], [], []).holds


def test_an_id_that_the_ledger_does_not_know_is_a_breach() -> None:
    proof = proved([receipt(0, "stranger", "One")], [], [])
    assert len(proof.unknown_ids) == 1


def test_the_content_hash_sees_through_encodings_and_line_ends() -> None:
    plain = mail("a", "Grüße\r\nvon uns")
    encoded = (
        b"Subject: =?utf-8?q?Tools?=\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Gr=C3=BC=C3=9Fe\nvon uns\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--x--\r\n"
    )
    assert content_hash(plain) == content_hash(encoded)
    assert content_hash(plain) != content_hash(mail("a", "Grüße von mir"))
