"""A list of sent messages answers for one mail what the database would."""

from datetime import UTC, datetime, timedelta

from sequencer.core.inbound import MatchVia, Verdict, VerdictKind
from sequencer.core.matching import keys_of, match
from sequencer.core.mime import parse_mail
from sequencer.core.sent_list import ListedMessage, SentList

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def sent(number: int, to: str, days_ago: int, **more: str) -> ListedMessage:
    return ListedMessage(
        sent_id=f"s{number}",
        message_id=f"<Step.{number}@yutools.example>",
        to=to,
        sender="lily@yutools.example",
        reply_to=f"lily+{number}@yutools.example",
        sent_at=NOON - timedelta(days=days_ago),
        **more,
    )


LIST = SentList(
    [
        sent(1, "Ana@Luso.example", 20),
        sent(2, "ana@luso.example", 5),
        sent(3, "ben@muster.example", 30),
        sent(4, "eva@gmail.com", 3),
    ]
)


def found(kind: VerdictKind = VerdictKind.REPLY, *recipients: str, **headers: str) -> tuple[str, str] | None:
    """(via, sent_id or address) of a mail with these headers."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    mail = parse_mail(f"{lines}\r\nHello\r\n".encode())
    keys = keys_of(mail, LIST.make)
    verdict = Verdict(kind=kind, recipients=recipients)
    matched = match(mail, verdict, keys, LIST.index(keys, NOON), LIST.make)
    if matched is None:
        return None
    if matched.outbox_id is None:
        return matched.via, LIST.last_to(matched.contact_id, NOON).sent_id
    return matched.via, LIST.message(matched.outbox_id).sent_id


def test_an_id_counts_in_any_case_and_before_the_sender() -> None:
    assert found(From="ben@muster.example", In_Reply_To="<STEP.1@YUTOOLS.EXAMPLE>") == (
        MatchVia.REFERENCES,
        "s1",
    )


def test_an_address_of_one_message_alone_counts_as_its_token() -> None:
    assert found(From="x@else.example", To="lily+3@yutools.example") == (MatchVia.TOKEN, "s3")
    assert found(From="x@else.example", To="lily@yutools.example") is None


def test_who_cites_nothing_answers_what_was_last_written_to_them() -> None:
    assert found(From="ANA@luso.example") == (MatchVia.FROM, "s2")
    assert found(From="carl@luso.example") == (MatchVia.COMPANY, "s2")
    assert found(From="someone@gmail.com") is None


def test_a_report_without_ids_counts_for_two_weeks() -> None:
    assert found(VerdictKind.BOUNCE, "ana@luso.example", Return_Path="<>") is None
    spoken = {"Return_Path": "<>", "X_Failed_Recipients": "ana@luso.example"}
    assert found(VerdictKind.BOUNCE, "ana@luso.example", **spoken) == (MatchVia.RECIPIENT, "s2")
    spoken["X_Failed_Recipients"] = "ben@muster.example"
    assert found(VerdictKind.BOUNCE, "ben@muster.example", **spoken) is None


def test_where_every_message_is_dated_later_the_first_is_answered() -> None:
    assert LIST.last_to(0, NOON - timedelta(days=99)).sent_id == "s1"
    assert LIST.last_to(0, NOON - timedelta(days=10)).sent_id == "s1"
