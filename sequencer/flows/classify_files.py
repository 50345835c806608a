"""Classify files: what raw messages are, without a workspace, matched against a list of what was sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sequencer.clock import Clock
from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.classify.returned import original_ids
from sequencer.core.corpus import Classified, Label, Pair
from sequencer.core.inbound import Evidence, Verdict, VerdictKind
from sequencer.core.matching import Match, MatchKeys, PrefetchedIndex, keys_of, match
from sequencer.core.mime import InboundMail, parse_mail
from sequencer.core.mime_headers import parse_date
from sequencer.core.sent_list import SentList
from sequencer.errors import InputError
from sequencer.files.json_lines import read_labels, read_sent_list
from sequencer.files.mail_files import mail_files

_REPORTS = frozenset({VerdictKind.BOUNCE, VerdictKind.DELAY, VerdictKind.COMPLAINT, VerdictKind.RECEIPT})


def classify_files(
    messages: Iterable[tuple[str, bytes]], sent: SentList, clock: Clock
) -> Iterator[Classified]:
    """Each (name, raw message) with its verdict; one that fails says so in `error` and stops nothing."""
    for name, raw in messages:
        started = clock.now()
        try:
            found = _classified(name, parse_mail(raw), sent, started)
        except Exception as error:
            verdict = Verdict(kind=VerdictKind.OTHER, evidence=(Evidence(rule="failed", where="message"),))
            found = Classified(file=name, verdict=verdict, error=f"{type(error).__name__}: {error}")
        yield replace(found, seconds=(clock.now() - started).total_seconds())


def labelled_folder(folder: Path, clock: Clock) -> list[Pair]:
    """Each label of `labels.jsonl` with what its message in `eml/` was taken for.

    `sent.jsonl`, if it is there, says what was sent. InputError for a file that is missing or faulty.
    """
    labels, sent_list = read_labels(folder / "labels.jsonl"), folder / "sent.jsonl"
    sent = SentList(read_sent_list(sent_list) if sent_list.exists() else ())
    return _labelled(classify_files(mail_files([folder / "eml"]), sent, clock), labels)


def _labelled(found: Iterable[Classified], labels: Iterable[Label]) -> list[Pair]:
    by_file: Mapping[str, Classified] = {one.file: one for one in found}
    wanted = list(labels)
    missing = [label.file for label in wanted if label.file not in by_file]
    if missing:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise InputError(f"labels.jsonl names {missing[0]}{more}, which is not in eml/")
    return [(label, by_file[label.file]) for label in wanted]


def _classified(name: str, mail: InboundMail, sent: SentList, now: datetime) -> Classified:
    received_at = _received_at(mail) or now
    keys = keys_of(mail, sent.make)
    index = sent.index(keys, received_at)
    verdict = classify(mail, _context(mail, keys, index, sent, received_at))
    matched = match(mail, verdict, keys, index, sent.make)
    originals = original_ids(mail) if verdict.kind in _REPORTS else ()
    return Classified(
        file=name,
        verdict=verdict,
        orig_message_id=originals[0].strip("<>") if originals else None,
        sent_id=_sent_id(matched, sent, received_at),
        match_via=matched.via.value if matched else None,
    )


def _context(
    mail: InboundMail, keys: MatchKeys, index: PrefetchedIndex, sent: SentList, received_at: datetime
) -> ClassifyContext:
    answered = [index.sent[one] for one in keys.message_ids if one in index.sent]
    return ClassifyContext(
        received_at=received_at,
        own_addresses=sent.own_addresses,
        is_ours=lambda message_id: message_id in index.sent or message_id.lower() in index.sent,
        has_our_token=any(token in index.tokens for token in keys.tokens),
        sent_subject=sent.message(answered[0].outbox_id).subject if answered else None,
        sender_is_contact=keys.sender_key in index.contacts,
        sender_is_company=bool(keys.domain and index.by_domain(keys.domain)),
    )


def _sent_id(matched: Match | None, sent: SentList, received_at: datetime) -> str | None:
    """A sender who cites nothing answers what was last written to them; a colleague may answer anything."""
    if matched is None:
        return None
    if matched.outbox_id is not None:
        return sent.message(matched.outbox_id).sent_id
    if not matched.sender_is_contact:
        return None
    return sent.last_to(matched.contact_id, received_at).sent_id


def _received_at(mail: InboundMail) -> datetime | None:
    """When the last server took it, else what the sender claims."""
    return parse_date(mail.header("received").rpartition(";")[2].strip()) or mail.date_at
