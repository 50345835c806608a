"""Campaign: life after life of the daemon, each killed somewhere while buyers answer; then peace."""

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from sequencer.demo.buyer import Answer, Temper
from tests.chaos.fates import STEPS
from tests.chaos.journal import ANY, Doom, Life, read_journal
from tests.chaos.judge import admits
from tests.chaos.ledger_server import Held
from tests.chaos.life import LifePlan, move
from tests.chaos.nursery import Killing
from tests.chaos.site import BOXES, LIFE_IN, ROOT, Site
from tests.e2e.stage import reply_to

LINGER_IN = 0.02
MOST_LIVES = 4
"""Lives for each kill that was asked for, after which a campaign that never gets there gives up."""
PEACEFUL_LIVES = 200
ALWAYS = ("before content", "after content", "before dot", "after dot")
"""Instants that any build passes in each mailbox; a harness that does not see them is blind."""
RARE = ("rset", "quit", "connect")
"""Verbs that not every message needs."""
USUAL = frozenset({"prepared", "claimed", "sending", "sent", "batch"})


@dataclass(slots=True, kw_only=True)
class Run:
    """What happened in a campaign."""

    lives: list[Life] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What was seen to be wrong while it ran."""

    @property
    def kills(self) -> int:
        return sum(life.was_killed for life in self.lives)

    @property
    def places(self) -> Counter[tuple[str, str]]:
        """(mailbox, instant) → how often a process died exactly there."""
        hit: Counter[tuple[str, str]] = Counter()
        for life in self.lives:
            if life.how == "instant" and life.entries:
                hit[life.entries[-1].mailbox, life.entries[-1].instant] += 1
        return hit

    def passed(self) -> set[tuple[str, str]]:
        """(mailbox, instant) that some process passed."""
        return {(entry.mailbox, entry.instant) for life in self.lives for entry in life.entries}

    def not_hit(self) -> list[tuple[str, str]]:
        """The named instants at which no process died yet: of SMTP, and of the commits of the usual way."""
        owed = {(name, instant) for name in BOXES for instant in ALWAYS}
        owed |= {one for one in self.passed() if one[0] and is_usual(one[1])}
        return sorted(owed - self.places.keys())


def is_usual(instant: str) -> bool:
    """Whether it lies on the way of a message that meets no fault."""
    _, commit, words = instant.partition(" commit ")
    if commit:
        return set(words.split("+")) <= USUAL
    verb = instant.removeprefix("before ").removeprefix("after ")
    return verb not in RARE and (not verb.isdigit() or verb == "354")


class Campaign:
    """`with Campaign(site, dice) as campaign: campaign.play(kills)`."""

    def __init__(
        self,
        site: Site,
        dice: random.Random,
        *,
        broken: str = "",
        outages: float = 0.08,
        only: tuple[str, ...] = (),
    ) -> None:
        """`outages`: in so great a part of the lives no inbox can be read. `only`: die at these instants."""
        self.run = Run()
        self._site = site
        self._dice = dice
        self._broken = broken
        self._outages = outages
        self._only = only
        self._promised: list[tuple[int, Held]] = []
        """(from which life on, the message they answer)."""
        self._seen = dict.fromkeys(BOXES, 0)
        (site.root / "lives").mkdir()

    def __enter__(self) -> Self:
        with (self._site.root / "log").open("a") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.nursery", str(self._site.workspace)],
                cwd=ROOT,
                env=self._site.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.wait(30)
        self._nursery.stdout.close()

    def play(self, kills: int, *, every_instant: bool = True) -> Run:
        """So many kills and, with `every_instant`, as many more as it takes to die at each; then peace."""
        while len(self.run.lives) < MOST_LIVES * max(kills, 60):
            if self.run.kills >= kills and not (every_instant and self.run.not_hit()):
                break
            doom, killing = self._fate()
            self._await_work(doom.mailbox)
            self._live(doom, killing, is_cut_off=self._dice.random() < self._outages)
            self._look()
        if self.run.kills < kills:
            self.run.faults.append(f"only {self.run.kills} of {kills} kills came about")
        if every_instant:
            missing = (f"{mailbox}: {instant}" for mailbox, instant in self.run.not_hit())
            self.run.faults += [f"nothing died at {place}" for place in missing]
        self._end_in_peace()
        return self.run

    def _fate(self) -> tuple[Doom, Killing]:
        """At a named instant that is still owed; else at any of them, after a random count, or by a timer."""
        dice = self._dice
        killing = Killing(linger_in=dice.random() * LINGER_IN)
        if self._only:
            place = Doom(
                instant=dice.choice(self._only), mailbox=dice.choice(BOXES), count=dice.randint(1, 2)
            )
            return place, killing
        owed = self.run.not_hit() if self.run.lives else []
        kind = "named" if owed else dice.choices(("named", "count", "timer"), (4, 3, 3))[0]
        if kind == "named" and (known := owed or sorted(self.run.places)):
            mailbox, instant = dice.choice(known)
            return Doom(instant=instant, mailbox=mailbox, count=1 if owed else dice.randint(1, 3)), killing
        if kind == "count":
            return Doom(instant=ANY, count=dice.randint(1, 60)), killing
        return Doom(), Killing(delay_in=dice.uniform(0.001, 0.2), linger_in=killing.linger_in)

    def _live(self, doom: Doom, killing: Killing, *, is_cut_off: bool = False, rounds: int = 0) -> Life:
        """One life of the daemon; buyers answer while it works."""
        site, number = self._site, len(self.run.lives)
        journal = site.root / "lives" / f"{number:05}"
        plan = LifePlan(
            workspace=str(site.workspace),
            clock=str(site.clock_file),
            journal=str(journal),
            doom=doom,
            broken=self._broken,
            rounds=rounds,
        )
        if is_cut_off:
            site.imap.stop()
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps({"plan": asdict(plan), "killing": asdict(killing)}) + "\n")
        self._nursery.stdin.flush()
        self._deliver_answers()
        how = self._nursery.stdout.readline().strip()
        if is_cut_off:
            site.imap.start()
        if how not in ("instant", "timer", "idle", "exit"):
            self.run.faults.append(f"life {number} ended as {how or 'nothing'}: see {site.root / 'log'}")
        life = read_journal(journal, Life(number=number, how=how, doom=doom))
        self.run.lives.append(life)
        site.look_afresh()
        move(site.clock_file, LIFE_IN)
        return life

    def _await_work(self, of: str = "") -> None:
        """Put the clock forward to when the next message (of this mailbox) is due, if none is."""
        next_at = self._next_at(of or "%") or self._next_at()
        if next_at is not None:
            left = next_at - self._site.clock.now()
            move(self._site.clock_file, max(left, timedelta(0)))

    def _look(self) -> None:
        """After each kill: what is on disk admits whatever the servers hold."""
        held = [one.message_id for server in self._site.smtp.values() for one in list(server.held)]
        states = dict(self._site.ask("SELECT message_id, state FROM outbox WHERE message_id IS NOT NULL"))
        life = self.run.lives[-1]
        for message_id in held:
            if not admits(states.get(message_id, "absent")):
                state = states.get(message_id, "absent")
                where = life.entries[-1].instant if life.entries else "its begin"
                self.run.faults.append(
                    f"{message_id} is held, and {state} on disk after life {life.number} ({where})"
                )
        self._hear()

    def _hear(self) -> None:
        """Which of the messages that arrived since will be answered."""
        for name, server in self._site.smtp.items():
            fresh = server.held[self._seen[name] :]
            self._seen[name] += len(fresh)
            for held in fresh:
                fate = self._site.fates[held.recipient]
                if fate.answer_at is not None and held.step == STEPS[fate.answer_at]:
                    self._promised.append((len(self.run.lives) + fate.patience, held))

    def _deliver_answers(self, *, all_of_them: bool = False) -> None:
        now = len(self.run.lives)
        due = [held for life, held in self._promised if life <= now or all_of_them]
        self._promised = [(life, held) for life, held in self._promised if held not in due]
        for held in due:
            self._answer(held)

    def _answer(self, held: Held) -> None:
        at, fate = self._site.clock.now(), self._site.fates[held.recipient]
        mail = message_from_bytes(reply_to(message_from_bytes(held.raw, policy=default), fate.words))
        mail.replace_header("Date", format_datetime(at))
        raw = mail.as_bytes()
        self._site.imap.deliver(self._site.mailbox_of(held.recipient), raw)
        answer = Answer(
            at=at,
            temper=Temper.REPLY,
            buyer=held.recipient,
            mailbox=held.sender,
            sender=held.recipient,
            raw=raw,
            is_stopping=True,
        )
        self.run.answers.append(answer)

    def _end_in_peace(self) -> None:
        """Lives that nothing kills, until nothing is left to do; the last answers come as well."""
        for _ in range(PEACEFUL_LIVES):
            is_cut_off = self._dice.random() < self._outages
            life = self._live(Doom(), Killing(), is_cut_off=is_cut_off, rounds=4)
            if life.how != "exit":
                return
            self._hear()
            if self._next_at() is None and not self._promised:
                return
            self._await_work()
        self.run.faults.append(f"after {PEACEFUL_LIVES} peaceful lives something is still to be done")

    def _next_at(self, of: str = "%") -> datetime | None:
        """When the next step of anybody falls due; None: never."""
        rows = self._site.ask(
            "SELECT min(at) FROM (SELECT min(coalesce(retry_at, due_at)) AS at FROM outbox"
            f" WHERE mailbox LIKE '{of}' AND state IN ('ready', 'deferred', 'claimed', 'sending')"
            " UNION ALL SELECT min(next_at) FROM enrollments"
            f" WHERE mailbox LIKE '{of}' AND state = 'active' AND prepare_at IS NOT NULL)"
        )
        return datetime.fromisoformat(f"{rows[0][0]}+00:00") if rows[0][0] else None
