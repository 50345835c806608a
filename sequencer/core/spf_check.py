"""Whether a sending domain's SPF lets its provider send, and lets receivers check it."""

from collections.abc import Sequence

from sequencer.core.checkup import Check, CheckState
from sequencer.core.dns import Found, Lookup, NotAnswered
from sequencer.core.sending_records import SendingRecords
from sequencer.core.spf import LOOKUP_LIMIT, VOID_LIMIT, spf_texts
from sequencer.core.spf_walk import SpfTree


def judge_no_spf(lookup: Lookup, providers: Sequence[SendingRecords]) -> Check | None:
    """The verdict when there is not exactly one record to read; None when there is."""
    if isinstance(lookup, NotAnswered):
        return _check(CheckState.UNKNOWN, f"not checked: {lookup.cause}", "try again later")
    texts = spf_texts(lookup.values) if isinstance(lookup, Found) else []
    if not texts:
        return _check(CheckState.BAD, "there is no SPF record", f"add TXT `{_record(providers)}`")
    if len(texts) > 1:
        what = f"there are {len(texts)} SPF records, so receivers heed none of them"
        return _check(CheckState.BAD, what, "merge them into one TXT record")
    return None


def judge_broken_spf(fault: str) -> Check:
    """The verdict on a record that cannot be read."""
    return _check(
        CheckState.BAD, f"the SPF record is broken: {fault}", "correct that term; receivers heed no part now"
    )


def judge_spf(tree: SpfTree, providers: Sequence[SendingRecords]) -> Check:
    """The verdict on the one record there is, the gravest point first."""
    return _bad(tree) or _unknown(tree) or _provider(tree, providers) or _ending(tree) or _fine(tree)


def _bad(tree: SpfTree) -> Check | None:
    if tree.faults:
        return judge_broken_spf("; ".join(tree.faults))
    if tree.lookups > LOOKUP_LIMIT:
        what = f"it takes {tree.lookups} DNS look-ups, receivers stop at {LOOKUP_LIMIT}"
        return _check(CheckState.BAD, what, "take out includes of services you no longer use")
    if tree.voids > VOID_LIMIT:
        what = f"{tree.voids} of its names lead nowhere, receivers stop at {VOID_LIMIT}"
        return _check(CheckState.BAD, what, "take out the names that no longer exist")
    if tree.ending == "+all":
        return _check(
            CheckState.BAD, "it ends in +all: anybody may send as you", "end it in ~all, later in -all"
        )
    return None


def _unknown(tree: SpfTree) -> Check | None:
    if not tree.unanswered:
        return None
    what = f"not checked to the end: DNS said nothing of {', '.join(tree.unanswered)}"
    return _check(CheckState.UNKNOWN, what, "try again later")


def _provider(tree: SpfTree, providers: Sequence[SendingRecords]) -> Check | None:
    missing = [one for one in providers if not tree.includes & set(one.includes)]
    if not missing:
        return None
    # A warning only: a provider may have renamed its record since our table was made.
    return _check(
        CheckState.WARN,
        f"it does not name {' and '.join(one.name for one in missing)}, which sends your mail",
        f"add {' '.join(f'`include:{one.includes[0]}`' for one in missing)} before the final all",
    )


def _ending(tree: SpfTree) -> Check | None:
    if tree.ending not in ("-all", "~all"):
        said = f"ends in {tree.ending}" if tree.ending else "has no all at its end"
        return _check(CheckState.WARN, f"it {said}, so it rules nobody out", "end it in ~all, later in -all")
    if tree.uses_ptr:
        return _check(CheckState.WARN, "it uses ptr, which many receivers skip", "name the servers instead")
    return None


def _fine(tree: SpfTree) -> Check:
    many = f"{tree.lookups} of {LOOKUP_LIMIT} DNS look-ups"
    return _check(CheckState.OK, f"one record, {many}, ends in {tree.ending}")


def _record(providers: Sequence[SendingRecords]) -> str:
    words = [f"include:{one.includes[0]}" for one in providers] or ["ip4:YOUR-SERVER"]
    return " ".join(("v=spf1", *words, "~all"))


def _check(state: CheckState, what: str, mend: str | None = None) -> Check:
    return Check(name="spf", state=state, what=what, mend=mend)
