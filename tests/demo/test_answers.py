"""What buyers send, read by the program's own classification: each temper is taken for what it is."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest

from sequencer.core.effects import VerdictCase
from sequencer.core.html_text import text_of_html
from sequencer.core.inbound import MatchVia
from sequencer.core.mime import parse_mail
from sequencer.core.own_text import own_text
from sequencer.demo.answers import answer
from sequencer.demo.buyer import Answer, Buyer, Habit, Temper
from sequencer.demo.cast import buyers
from sequencer.demo.original import original_of
from sequencer.demo.receipt import Receipt
from sequencer.demo.responders import back_on
from tests.demo.reading import REP, TEXT, a_receipt, understood

CASES = {
    Temper.REPLY: VerdictCase.REPLY,
    Temper.QUESTION: VerdictCase.REPLY,
    Temper.FRESH_MAIL: VerdictCase.REPLY,
    Temper.COLLEAGUE: VerdictCase.COLLEAGUE_REPLY,
    Temper.OUT_OF_OFFICE: VerdictCase.OUT_OF_OFFICE,
    Temper.LEFT: VerdictCase.LEFT_COMPANY,
    Temper.UNSUBSCRIBE_BUTTON: VerdictCase.UNSUBSCRIBE,
    Temper.UNSUBSCRIBE_WORDS: VerdictCase.UNSUBSCRIBE,
    Temper.COMPLAINT: VerdictCase.COMPLAINT,
    Temper.DEAD: VerdictCase.BOUNCE_DEAD,
    Temper.FULL: VerdictCase.BOUNCE_FULL_OR_SOFT,
    Temper.BY_HAND: VerdictCase.HAND_WRITTEN,
}
SAYING_NOTHING = {Temper.SILENT, Temper.UNKNOWN, Temper.GREYLISTING}
NOT_STOPPING = {Temper.OUT_OF_OFFICE, Temper.LEFT, Temper.FULL}
WRITTEN_BY_PEOPLE = [Temper.REPLY, Temper.QUESTION, Temper.COLLEAGUE, Temper.UNSUBSCRIBE_WORDS]


def answered(
    buyer: Buyer, temper: Temper, receipt: Receipt | None = None, after_in: timedelta = timedelta(minutes=5)
) -> Answer:
    """The answer, which there must be."""
    found = answer(buyer, Habit(temper=temper, after_in=after_in), receipt or a_receipt(buyer), REP)
    assert found is not None
    return found


def one_of(language: str) -> Buyer:
    return next(one for one in buyers() if one.language == language)


def test_every_temper_answers_or_says_nothing() -> None:
    assert CASES.keys() | SAYING_NOTHING == set(Temper)
    for temper in SAYING_NOTHING:
        assert answer(buyers()[0], Habit(temper=temper), a_receipt(buyers()[0]), REP) is None


@pytest.mark.parametrize("is_follow_up", [False, True])
@pytest.mark.parametrize("temper", CASES)
def test_an_answer_of_every_buyer_is_read_as_what_it_is(temper: Temper, is_follow_up: bool) -> None:
    for buyer in buyers():
        receipt = a_receipt(buyer, is_follow_up=is_follow_up)
        sent = answered(buyer, temper, receipt)
        found = understood(sent, buyer, receipt)
        assert found.case is CASES[temper], (buyer.address, found.verdict)
        if temper is Temper.BY_HAND:
            assert found.hand_written_to == (1,)
        else:
            assert found.match is not None, buyer.address
            assert found.match.contact_id == 1


@pytest.mark.parametrize(
    ("temper", "via"),
    [
        *((temper, MatchVia.REFERENCES) for temper in WRITTEN_BY_PEOPLE),
        (Temper.OUT_OF_OFFICE, MatchVia.REFERENCES),
        (Temper.LEFT, MatchVia.REFERENCES),
        (Temper.FRESH_MAIL, MatchVia.FROM),
        (Temper.UNSUBSCRIBE_BUTTON, MatchVia.TOKEN),
        (Temper.COMPLAINT, MatchVia.ORIGINAL_ID),
        (Temper.DEAD, MatchVia.ORIGINAL_ID),
        (Temper.FULL, MatchVia.ORIGINAL_ID),
    ],
)
def test_an_answer_is_tied_to_our_message_by_the_strongest_thread(temper: Temper, via: MatchVia) -> None:
    for buyer in buyers():
        found = understood(answered(buyer, temper), buyer, a_receipt(buyer)).match
        assert found is not None
        assert found.via is via


@pytest.mark.parametrize("days", range(0, 42, 3))
def test_an_absence_ends_on_the_day_that_the_note_says(days: int) -> None:
    """Six weeks, so that every weekday and the end of a month come up."""
    for buyer in buyers():
        receipt = a_receipt(buyer)
        sent = answered(buyer, Temper.OUT_OF_OFFICE, receipt, timedelta(days=days, seconds=9))
        back = understood(sent, buyer, receipt).verdict.return_at
        assert back is not None, buyer.address
        assert back.date() == back_on(buyer, sent.at)
        assert 3 <= (back - sent.at).days <= 12
        assert back.weekday() < 5


def test_whoever_has_left_names_a_successor_at_the_same_firm() -> None:
    for buyer in buyers():
        found = understood(answered(buyer, Temper.LEFT), buyer, a_receipt(buyer)).verdict
        assert found.successor == buyer.colleague_address


@pytest.mark.parametrize("temper", [*WRITTEN_BY_PEOPLE, Temper.FRESH_MAIL])
def test_people_write_a_few_words_of_their_own_each_different(temper: Temper) -> None:
    said = {}
    for buyer in buyers():
        said[buyer.address] = understood(answered(buyer, temper), buyer, a_receipt(buyer)).verdict.own_text
    assert len(set(said.values())) == 40
    for own in said.values():
        assert 20 < len(own) < 320
        assert "Ningbo" not in own
        assert "{" not in own


@pytest.mark.parametrize("temper", WRITTEN_BY_PEOPLE)
def test_an_answer_in_the_thread_quotes_us_down_to_the_footer(temper: Temper) -> None:
    for buyer in buyers():
        mail = parse_mail(answered(buyer, temper).raw)
        for line in TEXT.format(name=buyer.name, company=buyer.company).splitlines():
            assert line in mail.text
        assert f"<{REP}>" in mail.text


def test_mail_programs_quote_in_their_own_ways() -> None:
    texts = [parse_mail(answered(one, Temper.REPLY).raw).text for one in buyers()]
    for mark in ("schrieb Li Wei", "escribió:", "wrote:", "写道：", "Gesendet: ", "Asunto: ", "发件人: "):
        assert any(mark in text for text in texts), mark


def test_what_gmail_sends_as_html_says_the_same_as_its_text() -> None:
    found = 0
    for buyer in buyers():
        message = message_from_bytes(answered(buyer, Temper.REPLY).raw, policy=policy.default)
        html = message.get_body(("html",))
        if html is None:
            continue
        found += 1
        text = message.get_body(("plain",))
        assert text is not None
        assert own_text(text_of_html(html.get_content())) == own_text(
            text.get_content().replace("\r\n", "\n")
        )
        assert "Ningbo 315800" in html.get_content()
    assert 10 <= found <= 30


def test_a_follow_up_is_answered_with_all_of_its_references() -> None:
    receipt = a_receipt(buyers()[0], is_follow_up=True)
    ours = parse_mail(receipt.raw)
    mail = parse_mail(answered(buyers()[0], Temper.REPLY, receipt).raw)
    assert mail.in_reply_to == (ours.message_id,)
    assert mail.references == (*ours.references, ours.message_id)
    assert mail.subject.upper() == "RE: FORGED PRUNERS FOR THE SPRING SEASON"


def test_a_fresh_mail_cites_nothing() -> None:
    for buyer in buyers():
        mail = parse_mail(answered(buyer, Temper.FRESH_MAIL).raw)
        assert mail.answers == ()
        assert "pruners for the spring season" not in mail.subject
        assert mail.from_address == buyer.address


@pytest.mark.parametrize("temper", CASES)
def test_an_answer_is_clean_bytes_and_the_same_each_time(temper: Temper) -> None:
    for buyer in buyers():
        sent = answered(buyer, temper)
        assert sent == answered(buyer, temper)
        assert b"\0" not in sent.raw
        assert sent.raw.isascii()
        lines = sent.raw.split(b"\r\n")
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        assert max(map(len, lines)) <= 998
        # No header is written twice, nor broken.
        assert not message_from_bytes(sent.raw, policy=policy.default).defects


@pytest.mark.parametrize("temper", CASES)
def test_an_answer_is_dated_when_it_is_sent(temper: Temper) -> None:
    buyer = one_of("de")
    receipt = a_receipt(buyer)
    sent = answered(buyer, temper, receipt, timedelta(hours=30))
    assert sent.at == receipt.at + timedelta(hours=30)
    assert sent.at.tzinfo is UTC
    dated = parsedate_to_datetime(str(message_from_bytes(sent.raw)["Date"]))
    assert dated == sent.at
    if temper in WRITTEN_BY_PEOPLE:
        assert dated.utcoffset() == timedelta(hours=1)


def test_nobody_answers_before_a_second_has_passed() -> None:
    receipt = a_receipt(buyers()[0])
    sent = answered(buyers()[0], Temper.REPLY, receipt, timedelta(0))
    assert sent.at == receipt.at + timedelta(seconds=1)


def test_two_answers_never_share_a_message_id() -> None:
    ids = [
        str(message_from_bytes(answered(buyer, temper).raw)["Message-ID"]).strip()
        for buyer in buyers()
        for temper in CASES
    ]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("temper", CASES)
def test_what_stops_and_what_does_not(temper: Temper) -> None:
    sent = answered(buyers()[0], temper)
    assert sent.is_stopping is (temper not in NOT_STOPPING)
    assert sent.is_sent_copy is (temper is Temper.BY_HAND)
    assert (sent.temper, sent.buyer) == (temper, buyers()[0].address)


def test_machines_answer_with_an_empty_envelope_sender() -> None:
    buyer = buyers()[0]
    senders = {temper: answered(buyer, temper).sender for temper in CASES}
    machines = {Temper.DEAD, Temper.FULL, Temper.OUT_OF_OFFICE, Temper.LEFT}
    assert {temper for temper, sender in senders.items() if not sender} == machines
    assert senders[Temper.COLLEAGUE] == buyer.colleague_address
    assert senders[Temper.BY_HAND] == REP
    assert senders[Temper.COMPLAINT].startswith("postmaster@")
    assert senders[Temper.REPLY] == buyer.address


def test_the_unsubscribe_button_writes_to_the_address_in_the_header() -> None:
    buyer = buyers()[0]
    receipt = a_receipt(buyer)
    elsewhere = receipt.raw.replace(b"<mailto:li.wei@", b"<mailto:li%2Ewei+out@")
    sent = answered(
        buyer, Temper.UNSUBSCRIBE_BUTTON, Receipt(at=receipt.at, sender=REP, recipient=REP, raw=elsewhere)
    )
    assert sent.mailbox == "li.wei+out@harbourtools.example"
    mail = parse_mail(sent.raw)
    assert mail.to == (sent.mailbox,)
    assert mail.subject.startswith("unsubscribe-a")


def test_the_button_needs_the_header() -> None:
    buyer = buyers()[0]
    receipt = a_receipt(buyer)
    bare = Receipt(
        at=receipt.at, sender=REP, recipient=REP, raw=receipt.raw.replace(b"List-Unsubscribe:", b"X-Nothing:")
    )
    with pytest.raises(ValueError, match="has no List-Unsubscribe"):
        answered(buyer, Temper.UNSUBSCRIBE_BUTTON, bare)


def test_answers_go_where_reply_to_says() -> None:
    buyer = buyers()[0]
    receipt = a_receipt(buyer)
    raw = receipt.raw.replace(b"Subject:", b"Reply-To: Sales <sales@harbourtools.example>\r\nSubject:", 1)
    sent = answered(buyer, Temper.REPLY, Receipt(at=receipt.at, sender=REP, recipient=buyer.address, raw=raw))
    assert parse_mail(sent.raw).to == ("sales@harbourtools.example",)


@pytest.mark.parametrize("temper", [Temper.REPLY, Temper.DEAD, Temper.COMPLAINT])
def test_a_large_attachment_does_not_confuse_anybody(temper: Temper) -> None:
    buyer = one_of("es")
    receipt = a_receipt(buyer, attachment=b"%PDF-1.7\n" + bytes(range(256)) * 4_000)
    sent = answered(buyer, temper, receipt)
    assert understood(sent, buyer, receipt).case is CASES[temper]
    assert (len(sent.raw) > 1_000_000) is (temper is Temper.COMPLAINT)


def test_the_original_is_read_to_the_letter() -> None:
    buyer = one_of("pl")
    receipt = a_receipt(buyer)
    found = original_of(receipt)
    assert found.text == TEXT.format(name=buyer.name, company=buyer.company).rstrip()
    assert (found.sender_name, found.sender, found.reply_to) == ("Li Wei 李伟", REP, REP)
    assert found.sent_at == datetime(2026, 3, 4, 8, 20, tzinfo=UTC)
    assert receipt.raw.startswith(found.head)
    assert b"List-Unsubscribe" in found.head
    assert b"Dear" not in found.head
