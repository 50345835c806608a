"""Whom an incoming mail concerns: the order of evidence, and what backscatter can't do."""

import pytest

from sequencer.core.inbound import MatchVia, Verdict, VerdictKind
from sequencer.core.matching import RECIPIENT_DAYS, PrefetchedIndex, SentRef, keys_of, match
from sequencer.core.mime import parse_mail
from tests.golden_messages import INDEX, MAKE, WORLD

FIRST, SECOND, THIRD = WORLD["sent"][0], WORLD["sent"][1], WORLD["sent"][2]
HUMAN = Verdict(kind=VerdictKind.REPLY)


def mail(**headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\nhello\r\n").encode()


def found(raw: bytes, verdict: Verdict = HUMAN) -> tuple[MatchVia, int] | None:
    parsed = parse_mail(raw)
    result = match(parsed, verdict, keys_of(parsed, MAKE), INDEX, MAKE)
    return (result.via, result.contact_id) if result else None


def test_cited_ids_beat_tokens_and_senders() -> None:
    raw = mail(
        From=THIRD["address"],
        To=f"lin+{SECOND['token']}@northsea-bearings.example",
        In_Reply_To=FIRST["message_id"],
    )
    assert found(raw) == (MatchVia.REFERENCES, FIRST["contact_id"])


def test_the_last_reference_that_is_ours_beats_earlier_ones() -> None:
    raw = mail(
        From="x@y.example", References=f"{FIRST['message_id']} {SECOND['message_id']} <theirs@y.example>"
    )
    assert found(raw) == (MatchVia.REFERENCES, SECOND["contact_id"])


def test_tokens_beat_senders() -> None:
    raw = mail(From=THIRD["address"], To=f"lin+{SECOND['token']}@northsea-bearings.example")
    assert found(raw) == (MatchVia.TOKEN, SECOND["contact_id"])
    raw = mail(From=THIRD["address"], Subject=f"unsubscribe-{SECOND['token']}")
    assert found(raw) == (MatchVia.TOKEN, SECOND["contact_id"])


def test_senders_beat_companies_and_free_mail_is_no_company() -> None:
    assert found(mail(From=THIRD["address"])) == (MatchVia.FROM, THIRD["contact_id"])
    assert found(mail(From="other@walzen-beck.example")) == (MatchVia.COMPANY, THIRD["contact_id"])
    assert found(mail(From="other@freemail.example")) is None


@pytest.mark.parametrize("kind", ["bounce", "delay", "complaint", "report", "receipt"])
def test_a_machines_report_is_never_matched_by_its_sender(kind: str) -> None:
    told = Verdict(kind=VerdictKind(kind))
    assert found(mail(From=THIRD["address"]), told) is None
    assert found(mail(From="postmaster@walzen-beck.example"), told) is None


def test_a_report_without_ids_counts_only_for_an_address_written_to_lately() -> None:
    told = Verdict(kind=VerdictKind.BOUNCE, recipients=("nobody@forged.example", FIRST["address"]))
    assert found(mail(From="mailer-daemon@mx.example"), told) == (MatchVia.RECIPIENT, FIRST["contact_id"])
    forged = Verdict(kind=VerdictKind.BOUNCE, recipients=("nobody@forged.example",))
    assert found(mail(From="mailer-daemon@mx.example"), forged) is None
    ref = SentRef(outbox_id=1, enrollment_id=1, contact_id=1, address_key="a@b.example")
    assert (
        PrefetchedIndex(recent={"a@b.example": ref}).written_within("a@b.example", RECIPIENT_DAYS + 1) is None
    )


@pytest.mark.parametrize(
    "value",
    [
        "{id}",
        "\r\n {id}",
        "<other@y.example>,{id}",
        "<other@y.example>\r\n\t{id}\r\n\t(a comment)",
        "{bare}",
        "{upper}",
        "<a1.7f3a@northsea-\r\n bearings.example>",
    ],
)
def test_ids_match_folded_bare_comma_separated_and_in_any_case(value: str) -> None:
    message_id = FIRST["message_id"]
    written = value.format(id=message_id, bare=message_id.strip("<>"), upper=message_id.upper())
    raw = b"From: x@y.example\r\nIn-Reply-To: " + written.encode() + b"\r\n\r\nhello"
    assert found(raw) == (MatchVia.REFERENCES, FIRST["contact_id"])


def test_keys_hold_everything_a_batch_must_look_up() -> None:
    raw = mail(
        From="Mailer-Daemon@mx.example",
        To="lin@northsea-bearings.example",
        X_Failed_Recipients="A@B.example, c@d.example",
        In_Reply_To="<X1@y.example>",
    )
    keys = keys_of(parse_mail(raw), MAKE)
    assert set(keys.address_keys) >= {"a@b.example", "c@d.example", "mailer-daemon@mx.example"}
    assert {"<X1@y.example>", "<x1@y.example>"} <= set(keys.message_ids)
