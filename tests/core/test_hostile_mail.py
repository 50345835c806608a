"""Mail made to hurt: each message is read within two seconds and fifty megabytes, and never raises."""

import time
import tracemalloc

import pytest

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.matching import keys_of
from sequencer.core.mime import MAX_TEXT, InboundMail, parse_mail
from tests import golden_messages as golden
from tests.core.hostile_mail import MESSAGES

MOST_SECONDS = 2.0
MOST_BYTES = 50 * 1024 * 1024
STRANGER = ClassifyContext(received_at=golden.RECEIVED_AT)
CONTACT = ClassifyContext(received_at=golden.RECEIVED_AT, sender_is_contact=True, sent_subject="Bearings")


def chain(message: bytes, context: ClassifyContext) -> tuple[InboundMail, Verdict]:
    mail = parse_mail(message)
    keys_of(mail, golden.MAKE)
    return mail, classify(mail, context)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", MESSAGES)
def test_hostile_mail_is_read_within_its_bounds(name: str) -> None:
    message = MESSAGES[name]()
    for context in (STRANGER, CONTACT):
        started = time.process_time()
        mail, verdict = chain(message, context)
        assert time.process_time() - started <= MOST_SECONDS
        assert verdict.kind in VerdictKind
    assert len(mail.text) <= MAX_TEXT
    assert len(mail.part_types) <= 500
    assert "\0" not in mail.text + mail.subject + mail.from_name
    assert max(map(len, (mail.to, mail.references, verdict.recipients))) <= 200


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", MESSAGES)
def test_hostile_mail_takes_little_memory(name: str) -> None:
    message = MESSAGES[name]()
    tracemalloc.start()
    try:
        chain(message, CONTACT)
        assert tracemalloc.get_traced_memory()[1] <= MOST_BYTES
    finally:
        tracemalloc.stop()
