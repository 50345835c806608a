"""What is fuzzed: the reading of one message from bytes to match, and what must hold whatever the bytes."""

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.inbound import VerdictKind
from sequencer.core.matching import keys_of, match
from sequencer.core.mime import MAX_TEXT, parse_mail
from sequencer.flows.recognise import KEYS
from tests import golden_messages as golden

CONTEXTS = (
    ClassifyContext(received_at=golden.RECEIVED_AT),
    ClassifyContext(received_at=golden.RECEIVED_AT, sender_is_contact=True, language="de"),
    ClassifyContext(
        received_at=golden.RECEIVED_AT,
        own_addresses=frozenset(golden.WORLD["own_addresses"]),
        is_ours=lambda message_id: message_id.lower() in golden.INDEX.sent,
        has_our_token=True,
        sent_subject=golden.WORLD["sent"][0]["subject"],
    ),
)
"""A stranger's mail, a contact's, and an answer to ours."""


def read(message: bytes) -> None:
    """Read it in every context; AssertionError, or whatever it raises, when a promise is broken."""
    mail = parse_mail(message)
    keys_of(mail, KEYS)
    keys = keys_of(mail, golden.MAKE)
    assert len(mail.text) <= MAX_TEXT
    assert len(mail.part_types) <= 500
    assert max(map(len, (mail.to, mail.cc, mail.references, mail.in_reply_to))) <= 200
    said = f"{mail.text}{mail.subject}{mail.from_name}{mail.from_address}"
    assert "\0" not in said
    said.encode("utf-8")
    for context in CONTEXTS:
        verdict = classify(mail, context)
        assert verdict.evidence
        assert not verdict.hard or verdict.kind is VerdictKind.BOUNCE
        assert len(verdict.own_text) <= len(mail.text)
        verdict.own_text.encode("utf-8")
        match(mail, verdict, keys, golden.INDEX, golden.MAKE)
