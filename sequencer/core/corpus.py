"""A labelled folder of incoming mail: what each message is, what it was taken for, and how far they agree."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sequencer.core.classify.bounce_reason import CLASSES
from sequencer.core.inbound import AutoReplyType, Verdict, VerdictKind

K = VerdictKind
_RETURNED = frozenset({K.BOUNCE, K.DELAY})
_MACHINE = _RETURNED | {K.AUTO_REPLY, K.COMPLAINT, K.CHALLENGE, K.RECEIPT, K.REPORT}
_NO_STOP = frozenset({K.AUTO_REPLY, K.DELAY, K.RECEIPT, K.REPORT, K.CHALLENGE, K.OTHER})
_MUST_STOP = frozenset({K.REPLY, K.UNSUBSCRIBE, K.COMPLAINT})
_LEFT = frozenset({AutoReplyType.LEFT_COMPANY, AutoReplyType.ADDRESS_CHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a message is known to be; None and empty: not known."""

    file: str
    kind: VerdictKind
    recipients: tuple[str, ...] = ()
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Recipient in lower case → other addresses that are as right."""
    permanence: str | None = None
    hard: bool | None = None
    reason: str | None = None
    orig_message_id: str | None = None
    sent_id: str | None = None
    stops_as: AutoReplyType | None = None
    """An auto-reply that says that they left or moved: it may stop."""
    label_from: str = ""
    source: str = ""
    provider: str = ""
    reply_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What one message was taken for."""

    file: str
    verdict: Verdict
    orig_message_id: str | None = None
    """Without angle brackets."""
    sent_id: str | None = None
    match_via: str | None = None
    seconds: float = 0.0
    error: str | None = None

    @property
    def is_stop(self) -> bool:
        """Whether an enrollment would end by it."""
        kind = self.verdict.kind
        return kind in _MUST_STOP or (kind is K.BOUNCE and self.verdict.permanence == "permanent")


Pair = tuple[Label, Classified]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of a score: so many of so many, and what it should be."""

    name: str
    right: int
    of: int
    at_least: float | None = None
    """A share; None: `right` counts faults, of which there may be none."""
    wrong: tuple[str, ...] = ()
    """Files that count against it."""

    @property
    def share(self) -> float:
        """1 where nothing was to be measured."""
        return self.right / self.of if self.of else 1.0

    @property
    def is_met(self) -> bool:
        """Whether the target holds."""
        return not self.wrong if self.at_least is None else self.share >= self.at_least


def score(pairs: Sequence[Pair]) -> list[Measure]:
    """The figures, each over the messages whose label says something about it."""
    return [
        _share("bounces and delays found", 0.995, _of_kinds(pairs, _RETURNED), _is_returned),
        _share("failed recipients exact", 0.99, _known(pairs, "recipients", _RETURNED), _has_recipients),
        _share("permanent or temporary", 0.985, _known(pairs, "permanence", _RETURNED), _has_permanence),
        _share("original Message-ID", 0.97, _known(pairs, "orig_message_id"), _has_original),
        _share("reason's class (Sisimai's tests)", 0.90, _tested(pairs, "reason"), _has_class),
        _share("hard (Sisimai's tests)", 0.97, _tested(pairs, "hard"), _is_as_hard),
        *(
            _share(f"{kind.value.replace('_', '-')} recognised", least, _of_kinds(pairs, {kind}), _is_same)
            for kind, least in (
                (K.REPLY, 1.0),
                (K.UNSUBSCRIBE, 1.0),
                (K.AUTO_REPLY, 1.0),
                (K.COMPLAINT, 1.0),
                (K.CHALLENGE, 0.95),
                (K.RECEIPT, 0.95),
            )
        ),
        _share("matched to the right message", 1.0, _known(pairs, "sent_id"), _is_matched),
        _share("own text exact", 0.95, _known(pairs, "reply_text"), _has_text),
        _faults("human replies taken for machine mail", _of_kinds(pairs, {K.REPLY}), _is_machine),
        _faults("false stops", _of_kinds(pairs, _NO_STOP), _is_false_stop),
        _faults("missed stops", _of_kinds(pairs, _MUST_STOP), _is_missed_stop),
        _faults("wrong hard suppressions", pairs, _is_wrongly_hard),
        _faults("delays called permanent", _of_kinds(pairs, {K.DELAY}), _is_permanent),
        _faults("reports called complaints", _of_kinds(pairs, {K.REPORT}), _is_complaint),
        _faults("matched to a wrong message", pairs, _is_mismatched),
        _faults("exceptions", pairs, lambda _label, found: found.error is not None),
    ]


def by(pairs: Iterable[Pair], key: Callable[[Label], str]) -> dict[str, tuple[int, int]]:
    """(kind right, all) by what `key` says of the label."""
    counted: dict[str, tuple[int, int]] = {}
    for label, found in pairs:
        right, of = counted.get(key(label), (0, 0))
        counted[key(label)] = right + _is_same(label, found), of + 1
    return dict(sorted(counted.items()))


def _share(
    name: str, least: float, pairs: Sequence[Pair], is_right: Callable[[Label, Classified], bool]
) -> Measure:
    wrong = tuple(label.file for label, found in pairs if not is_right(label, found))
    return Measure(name=name, right=len(pairs) - len(wrong), of=len(pairs), at_least=least, wrong=wrong)


def _faults(name: str, pairs: Sequence[Pair], is_fault: Callable[[Label, Classified], bool]) -> Measure:
    wrong = tuple(label.file for label, found in pairs if is_fault(label, found))
    return Measure(name=name, right=len(wrong), of=len(pairs), wrong=wrong)


def _of_kinds(pairs: Sequence[Pair], kinds: Iterable[VerdictKind]) -> list[Pair]:
    wanted = frozenset(kinds)
    return [pair for pair in pairs if pair[0].kind in wanted]


def _known(pairs: Sequence[Pair], name: str, kinds: Iterable[VerdictKind] = tuple(VerdictKind)) -> list[Pair]:
    return [pair for pair in _of_kinds(pairs, kinds) if getattr(pair[0], name) not in (None, ())]


def _tested(pairs: Sequence[Pair], name: str) -> list[Pair]:
    return [pair for pair in _known(pairs, name, _RETURNED) if pair[0].label_from == "sisimai-tests"]


def _is_same(label: Label, found: Classified) -> bool:
    if label.kind is K.REPLY and label.sent_id is None:
        return found.verdict.kind not in _MACHINE  # nobody we wrote to: it stops nobody
    return found.verdict.kind is label.kind


def _is_returned(_label: Label, found: Classified) -> bool:
    return found.verdict.kind in _RETURNED


def _has_recipients(label: Label, found: Classified) -> bool:
    left = {one.lower() for one in found.verdict.recipients}
    for recipient in {one.lower() for one in label.recipients}:
        named = left & ({recipient} | label.also.get(recipient, frozenset()))
        if not named:
            return False
        left -= named
    return not left


def _has_permanence(label: Label, found: Classified) -> bool:
    return found.verdict.permanence == label.permanence


def _has_original(label: Label, found: Classified) -> bool:
    return found.orig_message_id == (label.orig_message_id or "").strip("<> ")


def _has_class(label: Label, found: Classified) -> bool:
    return found.verdict.bounce_class is CLASSES.get(label.reason or "")


def _is_as_hard(label: Label, found: Classified) -> bool:
    return found.verdict.hard == label.hard


def _is_matched(label: Label, found: Classified) -> bool:
    return found.sent_id == label.sent_id


def _is_mismatched(label: Label, found: Classified) -> bool:
    return found.sent_id is not None and found.sent_id != label.sent_id


def _has_text(label: Label, found: Classified) -> bool:
    return " ".join(found.verdict.own_text.split()) == " ".join((label.reply_text or "").split())


def _is_machine(_label: Label, found: Classified) -> bool:
    return found.verdict.kind in _MACHINE


def _is_false_stop(label: Label, found: Classified) -> bool:
    if label.stops_as in _LEFT:
        return False
    is_for_nobody = label.kind is K.OTHER and label.sent_id is None and found.verdict.kind is K.REPLY
    return found.is_stop and not is_for_nobody


def _is_missed_stop(label: Label, found: Classified) -> bool:
    if label.kind is K.REPLY and label.sent_id is None:
        return found.verdict.kind in _MACHINE
    return not found.is_stop


def _is_wrongly_hard(label: Label, found: Classified) -> bool:
    if label.kind is K.DELAY:
        return found.verdict.hard or found.verdict.permanence == "permanent"
    return found.verdict.hard and label.kind is not K.BOUNCE


def _is_permanent(_label: Label, found: Classified) -> bool:
    return found.verdict.permanence == "permanent"


def _is_complaint(_label: Label, found: Classified) -> bool:
    return found.verdict.kind is K.COMPLAINT
