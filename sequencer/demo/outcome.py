"""What a demo came to: the program's own figures beside what the servers prove."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from sequencer import __version__
from sequencer.core.address import address_key
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.core.report import Line
from sequencer.demo.buyer import Temper
from sequencer.demo.campaign import Campaign
from sequencer.demo.proof import Proof, prove
from sequencer.demo.stage import Stage
from sequencer.flows.report import report
from sequencer.store import counts, versions, written

_WORDLESS = (Temper.SILENT, Temper.UNKNOWN, Temper.GREYLISTING)
"""What sends no mail; a server's refusal comes at the first try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The figures of a demo that has been played."""

    seed: int
    days: int
    enrollments: Mapping[str, int]
    """By state."""
    finished_by_reason: Mapping[str, int]
    outbox: Mapping[str, int]
    """Messages by state."""
    inbox: Mapping[str, int]
    """What came back and concerned a contact, by kind of verdict."""
    deeds: Mapping[str, int]
    """How many did what, the commonest first."""
    delivered: int
    """Messages the buyers' server took, by its own count."""
    lines: tuple[Line, ...]
    """The report by step."""
    sequence_hashes: Mapping[str, str]
    """Sequence → hash of the version everybody was enrolled with."""
    proof: Proof

    def as_json(self) -> dict[str, object]:
        """The keys of `demo --json`; finished + active + held = enrolled."""
        states, kinds = self.enrollments, self.inbox
        return {
            "seed": self.seed,
            "days": self.days,
            "enrolled": sum(states.values()),
            "active": states.get("active", 0),
            "held": states.get("held", 0),
            "sent": self.outbox.get(OutboxState.SENT, 0),
            "delivered": self.delivered,
            "refused": self.outbox.get(OutboxState.REFUSED, 0),
            "unsure": self.outbox.get(OutboxState.UNSURE, 0),
            "replies": kinds.get(VerdictKind.REPLY, 0),
            "auto_replies": kinds.get(VerdictKind.AUTO_REPLY, 0),
            "bounces": kinds.get(VerdictKind.BOUNCE, 0),
            "opt_outs": kinds.get(VerdictKind.UNSUBSCRIBE, 0) + kinds.get(VerdictKind.COMPLAINT, 0),
            "duplicates": len(self.proof.duplicates),
            "sent_after_answer": len(self.proof.sent_after_answer),
            "unknown_ids": len(self.proof.unknown_ids),
            "finished_by_reason": dict(sorted(self.finished_by_reason.items())),
            "by_step": self._by_step(),
            "versions": {
                "sequencer": __version__,
                "holidays": version("holidays"),
                "tzdata": version("tzdata"),
                "sequences": dict(self.sequence_hashes),
            },
        }

    def _by_step(self) -> dict[str, dict[str, dict[str, int]]]:
        steps: dict[str, dict[str, dict[str, int]]] = {}
        for line in self.lines:
            steps.setdefault(line.sequence, {})[line.step or ""] = {
                "reached": line.reached,
                "replied": line.replied,
                "auto_replies": line.auto_replies,
                "bounced": line.bounced,
                "refused": line.refused,
                "opted_out": line.opted_out,
                "complained": line.complained,
                "unsure": line.unsure,
            }
        return steps


def judge(campaign: Campaign, seed: int) -> Outcome:
    """Count what the database says, and prove from the servers what it can't be trusted to say of itself."""
    stage = campaign.stage
    store = stage.engine.store
    with store.read() as tx:
        known_ids = written.minted_ids(tx)
        hashes = {entered.sequence: versions.newest_of(tx, entered.sequence) for entered in stage.entered}
        return Outcome(
            seed=seed,
            days=campaign.days,
            enrollments=counts.enrollments_by_state(tx),
            finished_by_reason=counts.finishes_by_reason(tx),
            outbox=counts.outbox_by_state(tx),
            inbox=counts.inbox_by_kind(tx),
            deeds=_deeds(campaign),
            delivered=len(stage.host.receipts),
            lines=report(store, by="step", now=stage.engine.clock.now()).lines,
            sequence_hashes={name: found for name, found in sorted(hashes.items()) if found},
            proof=_proof(campaign, stage, known_ids),
        )


def _deeds(campaign: Campaign) -> dict[str, int]:
    """What has come to pass of what was dealt."""
    acted = {address_key(one.buyer) for one in campaign.answers}
    done = Counter(
        habit.temper.value
        for address, habit in campaign.stage.habits.items()
        if habit.temper in _WORDLESS or address_key(address) in acted
    )
    return dict(done.most_common())


def _proof(campaign: Campaign, stage: Stage, known_ids: set[str]) -> Proof:
    return prove(
        stage.host.receipts,
        campaign.answers,
        {box.address: stage.host.readings(box.address) for box in stage.engine.config.mailboxes},
        known_ids,
        stage.engine.config.limits.max_inbox_age_in,
    )
