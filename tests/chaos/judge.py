"""Judge: what the servers hold, what the ledger says and where each process died, held against each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sequencer.demo.proof import prove
from sequencer.demo.receipt import Receipt
from tests.chaos.fates import STEPS
from tests.chaos.instants import OUTCOMES
from tests.chaos.journal import Entry, Life
from tests.chaos.ledger_server import Held
from tests.chaos.site import BOXES, PACED, Site

if TYPE_CHECKING:
    from tests.chaos.campaign import Run

MAX_INBOX_AGE_IN = timedelta(seconds=60)
CONTENT_AHEAD = ("after commit sending", "before data", "after data", "before content", "after content")
"""Here the final dot has not been said."""
ANSWERED = ("after dot", "before commit sent")
"""Here the server has answered it."""
ENDED = ("sent", "refused", "unsure")


def admits(state: str) -> bool:
    """Whether a row in this state says that the server may hold its message."""
    return state in ("sending", "unsure", "sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One message of the outbox at the end, cancelled ones left out."""

    address: str
    step: str
    mailbox: str
    state: str
    message_id: str
    boot_id: str


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What a run came to; it holds when `breaches` is empty."""

    seed: int = 0
    kills: int = 0
    due: int = 0
    """Steps of enrollments that should have ended."""
    states: Counter[str] = field(default_factory=Counter)
    held: int = 0
    duplicates: int = 0
    after_answer: int = 0
    by_kill: int = 0
    """Of the unsure: because the process was killed."""
    by_silence: int = 0
    """Of the unsure: because the server never answered the final dot."""
    answers: int = 0
    longest_recovery_in: float = 0.0
    hows: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    explained: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The two instants between which an unsure message's process died → how often."""
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The same, of those that the server holds."""
    broken_off: int = 0
    """Connections that ended between RCPT and the end of a message."""
    in_content: int = 0
    """Of these: after content began to arrive."""
    breaches: list[str] = field(default_factory=list)


def judge(site: Site, run: "Run") -> Verdict:
    """Everything that is promised, each breach as one line."""
    rows = _rows(site)
    held = [one for name in BOXES for one in site.smtp[name].held]
    verdict = Verdict(kills=run.kills, held=len(held), answers=len(run.answers), breaches=list(run.faults))
    verdict.states.update(row.state for row in rows)
    broken = [one for server in site.smtp.values() for one in server.broken]
    verdict.broken_off, verdict.in_content = len(broken), sum(one.content_bytes > 0 for one in broken)
    verdict.hows.update(life.how for life in run.lives)
    verdict.places.update({instant: 0 for _, instant in run.places})
    for (_, instant), times in run.places.items():
        verdict.places[instant] += times
    verdict.longest_recovery_in = max((life.recovered_in or 0.0 for life in run.lives), default=0.0)
    _held_is_known(verdict, held, rows)
    _promises(verdict, site, run, held, rows)
    _every_step_ended(verdict, site, run, rows)
    _unsure_is_explained(verdict, site, run, rows)
    verdict.breaches += durability_faults(run.lives)
    ((is_sound,),) = site.ask("PRAGMA integrity_check")
    if is_sound != "ok":
        verdict.breaches.append(f"the database is damaged: {is_sound}")
    return verdict


def _rows(site: Site) -> list[Row]:
    names = ("address", "step", "mailbox", "state", "message_id", "boot_id")
    listed = ", ".join(f"coalesce({name}, '')" for name in names)
    found = site.ask(f"SELECT {listed} FROM outbox WHERE state <> 'cancelled'")
    return [Row(**dict(zip(names, row, strict=True))) for row in found]


def _held_is_known(verdict: Verdict, held: Sequence[Held], rows: Sequence[Row]) -> None:
    """sent ⇔ held once; held ⇒ sent or unsure."""
    times = Counter(one.message_id for one in held)
    of_id = {row.message_id: row for row in rows if row.message_id}
    steps = Counter((one.recipient, one.step) for one in held)
    twice = [
        f"{who} got step {step or '(none of ours)'} {n} times" for (who, step), n in steps.items() if n > 1
    ]
    twice += [f"{message_id} is held {n} times" for message_id, n in times.items() if n > 1]
    verdict.duplicates += len(twice)
    verdict.breaches += twice
    for row in rows:
        if row.state == "sent" and times[row.message_id] != 1:
            verdict.breaches.append(f"{row.message_id} is sent, and held {times[row.message_id]} times")
    for one in held:
        row = of_id.get(one.message_id)
        if row is None or row.state not in ("sent", "unsure"):
            verdict.breaches.append(
                f"{one.message_id} is held, and {row.state if row else 'unknown'} in the ledger"
            )
        elif (row.address, row.step) != (one.recipient, one.step):
            verdict.breaches.append(f"{one.message_id} is {row.step} to {row.address}, held as {one}")


def _promises(verdict: Verdict, site: Site, run: "Run", held: Sequence[Held], rows: Sequence[Row]) -> None:
    """The demo's own proof: duplicates by id and content, nothing after an answer or without a look."""
    in_order = sorted(held, key=lambda one: one.at)
    receipts = [
        Receipt(at=one.at, sender=one.sender, recipient=one.recipient, raw=one.raw) for one in in_order
    ]
    readings = {f"{name}@firm.example": site.imap.readings(name) for name in BOXES}
    proof = prove(receipts, run.answers, readings, {row.message_id for row in rows}, MAX_INBOX_AGE_IN)
    verdict.duplicates += len(proof.duplicates)
    verdict.after_answer = len(proof.sent_after_answer)
    for breach in (*proof.duplicates, *proof.sent_after_answer, *proof.unknown_ids):
        verdict.breaches.append(f"to {breach.receipt.recipient} at {breach.receipt.at}: {breach.reason}")


def _every_step_ended(verdict: Verdict, site: Site, run: "Run", rows: Sequence[Row]) -> None:
    """Step by step for each buyer: one that was sent makes the next one due, unless they answered."""
    states = {(row.address, row.step): row.state for row in rows}
    answered = {answer.buyer for answer in run.answers}
    for address in site.fates:
        for step in STEPS:
            state = states.pop((address, step), None)
            if state is None and address in answered:
                break
            verdict.due += 1
            if state not in ENDED:
                verdict.breaches.append(f"step {step} of {address} was due, and is {state or 'lost'}")
            if state != "sent":
                break
    for (address, step), state in states.items():
        # One that had left, or was about to, when the answer to the step before came.
        verdict.due += state in ENDED
        if address not in answered or state not in ENDED:
            verdict.breaches.append(f"step {step} of {address} was not due, and is {state}")
    if (ended := sum(verdict.states[state] for state in ENDED)) != verdict.due:
        verdict.breaches.append(f"{ended} messages ended, {verdict.due} were due")
    unknown = set().union(*(server.unknown for server in site.smtp.values()))
    wrongly = {row.address for row in rows if row.state == "refused"} - unknown
    verdict.breaches += [f"{address} is refused, and no server refused it" for address in sorted(wrongly)]


def _unsure_is_explained(verdict: Verdict, site: Site, run: "Run", rows: Sequence[Row]) -> None:
    """Each one by a final dot that got no answer, or by the two instants between which its process died."""
    lives = {boot_id: life for life in run.lives for boot_id in life.boot_ids}
    silent = {(one.recipient, one.step) for server in site.smtp.values() for one in server.withheld}
    follows = _successors(run.lives)
    of_kill: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.state != "unsure":
            continue
        life = lives.get(row.boot_id)
        last = where_it_stood(life, row.mailbox, row.address) if life is not None else None
        if (row.address, row.step) in silent:
            verdict.by_silence += 1
        elif life is None or last is None or not life.was_killed:
            stood = life.of(row.mailbox)[-1:] if life is not None else "nowhere"
            verdict.breaches.append(
                f"{row.step} to {row.address} is unsure, and nothing explains it ({stood})"
            )
        else:
            verdict.by_kill += 1
            of_kill[row.boot_id, row.mailbox] += 1
            between = last.instant, follows.get((row.mailbox, last.instant), "the end")
            verdict.explained[between] += 1
            verdict.arrived[between] += any(
                one.message_id == row.message_id for one in site.smtp[row.mailbox].held
            )
            verdict.breaches += _contradictions(site, row, last)
    verdict.breaches += [
        f"one kill made {n} messages of {box} unsure" for (_, box), n in of_kill.items() if n > 1
    ]
    if verdict.by_kill > run.kills:
        verdict.breaches.append(f"{verdict.by_kill} unsure by {run.kills} kills")


def _contradictions(site: Site, row: Row, last: Entry) -> list[str]:
    """What the server got must fit where the process says that it died."""
    server = site.smtp[row.mailbox]
    is_held = any(one.message_id == row.message_id for one in server.held)
    instant, is_past = last.instant, last.recipient != row.address
    if instant in CONTENT_AHEAD and is_held and not is_past:
        return [f"{row.message_id} is held, though its process died at {instant}"]
    if (instant in ANSWERED or is_past) and not is_held:
        return [f"{row.message_id} is not held, though its process died at {instant}"]
    if not is_held and not any(one.recipient == row.address for one in server.broken):
        return [f"{row.message_id} never got as far as RCPT, though its process died at {instant}"]
    return []


def where_it_stood(life: Life, mailbox: str, address: str) -> Entry | None:
    """The last instant of a dead process for a message, if from there on nobody can know; else None.

    That is between the commit of `sending` being ordered and the commit of the outcome being done, which may
    be the one that marks the next message: before a mark that brings no outcome nothing may be in doubt.
    """
    passed = life.of(mailbox)
    in_doubt: set[str] = set()
    for entry in passed:
        when, _, words = entry.instant.partition(" commit ")
        written = set(words.split("+"))
        marks = {entry.recipient} if "sending" in written else set()
        if when == "before":
            in_doubt |= marks
        elif marks or OUTCOMES & written:
            in_doubt = marks
    return passed[-1] if address in in_doubt else None


def _successors(lives: Iterable[Life]) -> dict[tuple[str, str], str]:
    """(mailbox, instant) → the instant that mostly comes next."""
    seen: dict[tuple[str, str], Counter[str]] = {}
    for life in lives:
        for mailbox in BOXES:
            passed = life.of(mailbox)
            for one, after in pairwise(passed):
                seen.setdefault((mailbox, one.instant), Counter())[after.instant] += 1
    return {place: after.most_common(1)[0][0] for place, after in seen.items()}


def durability_faults(lives: Iterable[Life]) -> list[str]:
    """Commits that a power cut could undo though they must stand.

    A claim always stands. With a gap between messages so do the mark `sending` and the outcome; without one
    these may wait for the next durable commit of the mailbox, which no peaceful life ends without.
    """
    faults = set()
    for life in lives:
        for mailbox in BOXES:
            commits = [one for one in life.of(mailbox) if one.instant.startswith("after commit ")]
            for one in commits:
                words = set(one.instant.removeprefix("after commit ").split("+"))
                must = {"claimed"} | ({"sending"} | OUTCOMES if mailbox == PACED else set())
                if one.synchronous != "full" and words & must:
                    faults.add(f"{mailbox}: {one.instant} is only synchronous={one.synchronous}")
            if not life.was_killed and commits and commits[-1].synchronous != "full":
                faults.add(f"{mailbox}: a peaceful life ends with {commits[-1].instant} not durable")
    return sorted(faults)
