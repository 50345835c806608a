"""Late mail of people who were erased: only its kind is kept, and it is about nobody but whom it cites."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sequencer.core.inbound import VerdictKind
from sequencer.core.matching import PrefetchedIndex, SentRef
from sequencer.core.mime_headers import Fields
from sequencer.flows.engine import Engine
from sequencer.flows.recognise import Recognised
from sequencer.flows.was_erased import erased_keys
from sequencer.store.engine import Tx
from sequencer.store.erase import erased_contacts


def forget_erased(engine: Engine, tx: Tx, recognised: Sequence[Recognised]) -> list[Recognised]:
    """The same mail, unable to match an erased person; asked in the writing transaction, lest they be
    erased between the look-ups and the record.

    A colleague who cites what we wrote to the erased person is still matched as themselves. An erased person
    who answers what we wrote to somebody else still answers it: that one's follow-up must not leave.
    """
    if not recognised:
        return []
    senders = {one.keys.sender_key for one in recognised if one.keys.sender_key}
    silent = erased_keys(tx, engine.key, senders)
    # A batch shares its index.
    without = _without_erased(tx, recognised[0].index)
    return [
        _wordless(one, without) if _is_silent(one, silent) else replace(one, index=without)
        for one in recognised
    ]


def _is_silent(one: Recognised, silent: frozenset[str]) -> bool:
    return one.keys.sender_key in silent and one.verdict.kind is not VerdictKind.HAND_WRITTEN


def _wordless(one: Recognised, without: PrefetchedIndex) -> Recognised:
    """Nothing of the sender's, who is matched neither as a contact nor as a company's."""
    return replace(
        one,
        mail=replace(
            one.mail,
            headers=Fields(()),
            message_id=None,
            in_reply_to=(),
            references=(),
            from_address="",
            from_name="",
            subject="",
        ),
        keys=replace(one.keys, sender_key="", domain=""),
        index=PrefetchedIndex(sent=without.sent, tokens=without.tokens),
        verdict=replace(
            one.verdict, evidence=(), reason="", recipients=(), original_ids=(), successor=None, own_text=""
        ),
    )


def _without_erased(tx: Tx, index: PrefetchedIndex) -> PrefetchedIndex:
    refs = (*index.sent.values(), *index.tokens.values(), *index.recent.values())
    ids = {ref.contact_id for ref in refs} | set(index.contacts.values())
    ids |= {one for at_company in index.companies.values() for one in at_company}
    gone = erased_contacts(tx, ids)
    if not gone:
        return index

    def kept(found: Mapping[str, SentRef]) -> dict[str, SentRef]:
        return {key: ref for key, ref in found.items() if ref.contact_id not in gone}

    companies = {
        domain: tuple(one for one in at_company if one not in gone)
        for domain, at_company in index.companies.items()
    }
    return PrefetchedIndex(
        sent=kept(index.sent),
        tokens=kept(index.tokens),
        contacts={key: one for key, one in index.contacts.items() if one not in gone},
        companies=companies,
        recent=kept(index.recent),
    )
