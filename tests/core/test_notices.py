"""What notices say in each channel, and when: quiet hours over midnight and summer time, back-off."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.config import SecretRef, Webhook
from sequencer.core.digest import RepDay, digest_words
from sequencer.core.enrollment import Enrollment, EnrollmentState, Hold, HoldReason
from sequencer.core.notice_forms import chat_form, document_form, mail_form
from sequencer.core.notice_words import Reply, hold_words, paused_words, reply_words
from sequencer.core.notices import GIVE_UP_AFTER, Told, delivery_id, digest_day, retry_at, told_at
from sequencer.core.wall_time import wall_time
from sequencer.testing import a_contact

NIGHT = ((time(20), time(8)),)
BERLIN = "Europe/Berlin"
ANY_INSTANT = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC)
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def a_hook(kind: str = "slack", *, with_text: bool = False) -> Webhook:
    return Webhook(name="room", kind=kind, url=SecretRef("env:X"), with_text=with_text)  # type: ignore[arg-type]


def an_answer(text: str = "Please send the price list.", **fields: object) -> Told:
    contact = a_contact(name="Ana Silva", company="Luso Tools", country="PT")
    given = {
        "inbox_id": 12,
        "subject": "Re: Wrenches",
        "text": text,
        "intent": "interested",
        "place": "s/intro",
    }
    return reply_words(contact, Reply(**(given | fields)))  # type: ignore[arg-type]


def test_what_happens_at_night_is_told_when_the_night_ends() -> None:
    assert told_at(utc(2026, 1, 10, 22, 0), NIGHT, BERLIN) == utc(2026, 1, 11, 7, 0)
    assert told_at(utc(2026, 1, 11, 6, 59), NIGHT, BERLIN) == utc(2026, 1, 11, 7, 0)
    assert told_at(utc(2026, 1, 11, 7, 0), NIGHT, BERLIN) == utc(2026, 1, 11, 7, 0)
    assert told_at(utc(2026, 1, 11, 18, 59), NIGHT, BERLIN) == utc(2026, 1, 11, 18, 59)


def test_quiet_hours_end_by_the_wall_clock_in_the_nights_of_summer_time() -> None:
    assert told_at(utc(2026, 3, 28, 23, 0), NIGHT, BERLIN) == utc(2026, 3, 29, 6, 0)
    assert told_at(utc(2026, 10, 24, 22, 0), NIGHT, BERLIN) == utc(2026, 10, 25, 7, 0)


def test_spans_that_touch_are_one_silence() -> None:
    spans = ((time(12), time(14)), (time(20), time(0)), (time(0), time(8)))
    assert told_at(utc(2026, 1, 10, 21, 0), spans, "UTC") == utc(2026, 1, 11, 8, 0)


@given(at=ANY_INSTANT, zone=st.sampled_from([BERLIN, "Asia/Shanghai", "America/Sao_Paulo", "Asia/Kathmandu"]))
def test_nothing_is_told_in_quiet_hours_nor_later_than_they_end(at: datetime, zone: str) -> None:
    told = told_at(at, NIGHT, zone)
    assert told >= at
    assert told - at <= timedelta(hours=13)
    assert time(8) <= wall_time(told, zone).time() < time(20)
    assert told == at or wall_time(told, zone).time() == time(8)


def test_without_quiet_hours_everything_is_told_at_once() -> None:
    assert told_at(utc(2026, 1, 10, 22, 0), (), BERLIN) == utc(2026, 1, 10, 22, 0)


def test_a_failing_channel_is_tried_again_ever_later_and_given_up_after_a_day() -> None:
    created, now, tries, waits = utc(2026, 1, 1), utc(2026, 1, 1), 0, []
    while True:
        tries += 1
        again = retry_at(created, tries, now)
        if again is None:
            break
        waits.append((again - now).total_seconds())
        now = again
    assert waits[:4] == [30, 60, 120, 240]
    assert waits == sorted(waits)
    assert max(waits) == 3600
    assert created + GIVE_UP_AFTER - timedelta(hours=1) < now <= created + GIVE_UP_AFTER


def test_what_a_person_must_mend_is_tried_hourly() -> None:
    assert retry_at(utc(2026, 1, 1), 1, utc(2026, 1, 1), is_lasting=True) == utc(2026, 1, 1, 1)


def test_a_digest_belongs_to_the_morning_that_was_due_last() -> None:
    half_past = time(8, 30)
    assert digest_day(utc(2026, 1, 10, 7, 29), half_past, BERLIN).isoformat() == "2026-01-09"
    assert digest_day(utc(2026, 1, 10, 7, 30), half_past, BERLIN).isoformat() == "2026-01-10"


def test_a_mail_to_the_rep_says_who_what_and_how_to_answer() -> None:
    subject, text = mail_form([an_answer()], is_own_mailbox=True)
    assert subject == "Ana Silva (Luso Tools) answered: Re: Wrenches"
    assert text == (
        "Ana Silva (Luso Tools) answered\nCountry: PT\nAnswers: s/intro\nIt reads like: interested\n\n"
        "| Please send the price list.\n\n"
        "Answer it from your mail program, or: sequencer inbox reply 12; the sequence has stopped. "
        "The whole text: sequencer inbox show 12\n"
    )


def test_a_strangers_mail_is_not_taken_for_the_contacts() -> None:
    told = an_answer(is_stranger=True, address="joao@lusotools.example")
    assert told.headline == "Somebody at Luso Tools wrote"
    assert "wait five business days" in told.next_step
    assert told.private == "Written by: joao@lusotools.example"


def test_a_mail_holds_at_most_2000_characters_of_the_buyers() -> None:
    _, text = mail_form([an_answer("☂" * 5000)], is_own_mailbox=True)
    assert text.count("☂") == 1999


def test_through_a_colleagues_mailbox_no_word_of_the_buyer_goes() -> None:
    subject, text = mail_form([an_answer("secret price")], is_own_mailbox=False)
    assert subject == "Ana Silva (Luso Tools) answered"
    assert "secret" not in text
    assert "Wrenches" not in text


@pytest.mark.parametrize("kind", ["slack", "dingtalk", "feishu", "wecom"])
def test_a_chat_reads_the_buyers_words_only_where_it_is_configured(kind: str) -> None:
    shy, open_ = (
        chat_form([an_answer()], a_hook(kind)),
        chat_form([an_answer()], a_hook(kind, with_text=True)),
    )
    assert "Ana Silva (Luso Tools) answered" in shy
    assert "interested" in shy
    assert "price list" not in shy
    assert "Wrenches" not in shy
    assert "price list" in open_


def test_a_document_reads_the_buyers_words_only_where_it_is_configured() -> None:
    shy = document_form([an_answer()], a_hook("json"), "id1", "2026-01-01T00:00:00Z")
    assert shy["notices"][0]["text"] is None
    assert shy["notices"][0]["inbox_id"] == 12
    told = document_form(
        [an_answer("x" * 900)], a_hook("json", with_text=True), "id1", "2026-01-01T00:00:00Z"
    )
    assert len(told["notices"][0]["text"]) == 500


def test_a_buyer_cannot_call_the_whole_room() -> None:
    shout = [an_answer('<!channel> <at user_id="all"></at> @all')]
    for kind in ("slack", "feishu", "dingtalk", "wecom"):
        text = chat_form(shout, a_hook(kind, with_text=True))
        assert "<" not in text
    assert "@all" not in chat_form(shout, a_hook("dingtalk", with_text=True))


@given(st.text(alphabet="x你好 \n<>&", max_size=400), st.integers(1, 40))
def test_no_room_gets_more_than_it_takes(text: str, count: int) -> None:
    told = [an_answer(text)] * count
    assert len(chat_form(told, a_hook("wecom", with_text=True)).encode()) <= 2048
    assert len(chat_form(told, a_hook("dingtalk", with_text=True))) <= 4000


def test_several_things_are_told_as_one_and_counted() -> None:
    told = [an_answer(), an_answer(), paused_words("wang", "the server refuses the password")]
    subject, text = mail_form(told, is_own_mailbox=True)
    assert subject == "3 notices: 2 replies, 1 mailbox paused"
    assert text.count("answered\n") == 2
    assert "sequencer mailboxes resume wang" in text
    many_subject, many = mail_form([an_answer()] * 45, is_own_mailbox=True)
    assert many_subject == "45 notices: 45 replies"
    assert "… and 25 more" in many


@pytest.mark.parametrize(
    "reason", [one for one in HoldReason if one not in (HoldReason.UNSURE, HoldReason.PAUSED)]
)
def test_a_hold_names_the_command_that_ends_it(reason: HoldReason) -> None:
    told = hold_words(a_contact(), a_held(reason), inbox_id=4, message_id=None)
    assert f"sequencer enrollments resume 7 --force {reason.value}" in told.next_step
    assert "Luso Tools Lda" in told.headline


def test_a_hold_for_an_unknown_outcome_names_the_message() -> None:
    told = hold_words(a_contact(), a_held(HoldReason.UNSURE), inbox_id=None, message_id=31)
    assert "sequencer outbox resolve 31" in told.next_step


def test_the_note_of_a_hold_is_for_the_rep_and_not_for_a_room() -> None:
    told = [hold_words(a_contact(), a_held(HoldReason.RENDER_FAILED), inbox_id=None, message_id=None)]
    assert "field phone of ana" not in chat_form(told, a_hook())
    assert "field phone of ana" in mail_form(told, is_own_mailbox=True)[1]


def a_held(reason: HoldReason) -> Enrollment:
    return Enrollment(
        id=7,
        contact_id=1,
        sequence="s",
        round=1,
        version_hash="h",
        rep="wang",
        mailbox="wang",
        state=EnrollmentState.HELD,
        hold=Hold(reason=reason, until=None, note="field phone of ana is empty"),
        step="intro",
        anchor_at=utc(2026, 1, 1),
        next_at=None,
        created_at=utc(2026, 1, 1),
    )


def test_a_name_with_line_breaks_stays_one_line_of_the_subject() -> None:
    contact = a_contact(name="Ana\r\nBcc: x@y.example", company="")
    subject, _ = mail_form(
        [reply_words(contact, Reply(inbox_id=1, subject="a\nb", text=""))], is_own_mailbox=True
    )
    assert "\n" not in subject
    assert "\r" not in subject


def test_a_digest_counts_names_and_says_what_waits() -> None:
    wang = RepDay(
        rep="wang", full_name="Wang Lei", sent=12, replies=("Ana Silva (Luso Tools)",), holds=1, tasks=2
    )
    li = RepDay(rep="li", full_name="Li Na", sent=3, bounces=1, paused=("li",))
    told = digest_words(utc(2026, 3, 2).date(), [wang, li, RepDay(rep="zhou", full_name="Zhou Min")])
    assert told is not None
    assert told.headline == "Mon 2 Mar: 15 sent, 1 reply"
    assert told.facts == (
        "Wang Lei: 12 sent, 1 reply",
        "  answered: Ana Silva (Luso Tools)",
        "  today: 1 contact waits for a person, 2 tasks due",
        "Li Na: 3 sent, 0 replies, 1 bounce",
        "  today: mailbox li is paused",
    )


def test_a_day_with_nothing_to_say_has_no_digest() -> None:
    assert digest_words(utc(2026, 3, 2).date(), [RepDay(rep="wang", full_name="Wang Lei")]) is None


def test_the_same_notices_again_have_the_same_id_and_others_another() -> None:
    assert delivery_id(["a", "b"]) == delivery_id(["b", "a"])
    assert delivery_id(["a", "b"]) != delivery_id(["a"])
