"""What every flow of an open workspace is given: settings, store, clock, key, pinned versions."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sequencer.clock import Clock, machine_boot
from sequencer.config import Config, Mailbox, Rep
from sequencer.core.caps import Cap, mailbox_caps
from sequencer.core.contact import Contact
from sequencer.core.days_off import with_calendar
from sequencer.core.pacing import ROLLING_DAY
from sequencer.core.ports import Courier, MailBell, MailReader, Outcome, SentFolder, SentHeads
from sequencer.core.progress import Rhythm
from sequencer.core.seeking import Seeking
from sequencer.core.sequence import Sequence, SequenceVersion
from sequencer.core.zones import Place, place_of
from sequencer.errors import SequencerError
from sequencer.files.assets import Assets
from sequencer.files.encoded_files import EncodedFiles
from sequencer.files.workspace import Workspace
from sequencer.flows.mail_log import Troubles
from sequencer.store import versions as pinned
from sequencer.store.engine import Store, Tx
from sequencer.store.gates import GateLimits
from sequencer.store.ledger import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One open workspace. Threads share it; it holds no state but caches."""

    workspace: Workspace
    config: Config
    store: Store
    clock: Clock
    key: bytes
    boot_id: str
    """Of this process."""
    machine_boot: str | None
    """Of the machine; None where it is not known, so that nothing may rest on it."""
    assets: Assets
    encoded: EncodedFiles
    locked_out: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """Mailbox → until when it is not dialled again, and the lasting failure (a wrong password …)."""
    backing_off: dict[str, "BackOff"] = field(default_factory=dict)
    """Mailbox → how often it could not be read in a row."""
    used_since: dict[str | None, datetime] = field(default_factory=dict)
    """Mailbox (None: any) → when the first enrollment was made whose answers are read there."""
    first_sent_at: dict[str, datetime] = field(default_factory=dict)
    """Mailbox → when its ramp began, of those that have one and have sent (see flows/cap_room.py)."""
    _versions: dict[str, SequenceVersion] = field(default_factory=dict)

    def version(self, tx: Tx, version_hash: str) -> SequenceVersion:
        """A pinned version, parsed once per process."""
        known = self._versions.get(version_hash)
        if known is None:
            texts, name = pinned.texts_of(tx, version_hash), pinned.name_of(tx, version_hash)
            if texts is None or name is None:
                raise SequencerError(f"sequence version {version_hash[:12]} is not in the database")
            # Not at the top: a daemon reads what runs at its start apart, and may never need the parsers.
            from sequencer.files.version import version_from_texts

            known = self._versions[version_hash] = version_from_texts(texts, name)
        return known

    def place_of(self, contact: Contact) -> Place:
        """Where the contact is, with what holidays.yaml says of the days off there."""
        return with_calendar(place_of(contact, self.config.default_zone), self.config.calendar)

    def rhythm(self, contact: Contact, sequence: Sequence) -> Rhythm:
        """When this contact may be written to: live window, closures and contact data."""
        window = self.config.window(sequence.window)
        if window is None:
            raise SequencerError(
                f"window {sequence.window!r} of sequence {sequence.name!r} is not in config.toml",
                hint=f"add [windows.{sequence.window}]",
            )
        return Rhythm(
            window=window,
            place=self.place_of(contact),
            closures=self.config.closures,
            sender_zone=self.config.default_zone,
            plan_ahead_in=self.config.limits.plan_ahead_in,
        )

    def gate_limits(self, mailbox: Mailbox, now: datetime) -> GateLimits:
        """What the gates measure a mailbox's messages against at `now`."""
        return GateLimits(
            oldest_read=now - self.config.limits.max_inbox_age_in,
            newest_read=now + READ_BEGUN_MEANWHILE_IN,
            cap=mailbox.daily_cap if mailbox.ramp_from is None else self.caps_of(mailbox)[0].limit_at(now),
            cap_since=now - ROLLING_DAY,
        )

    def caps_of(self, mailbox: Mailbox) -> tuple[Cap, ...]:
        """What bounds a mailbox whoever it writes to, its rolling day first."""
        return mailbox_caps(self.config, mailbox, self.first_sent_at.get(mailbox.name))

    def rep(self, name: str) -> Rep:
        """The rep an enrollment is pinned to; SequencerError when config.toml no longer has them."""
        rep = self.config.rep(name)
        if rep is None:
            raise SequencerError(f"rep {name!r} is not in config.toml", hint="add them back under [[reps]]")
        return rep


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """A server that could not be reached, or hung up, is left alone for a while."""

    failures: int
    until: float
    """On the clock that cannot be set."""
    failure: str


READ_BEGUN_MEANWHILE_IN = timedelta(seconds=2)
"""Another mailbox's reading may begin between our look at the clock and our question; one dated later still
is of a clock that was put back since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """An outcome that is known to this process alone."""

    attempt: Attempt
    outcome: Outcome
    was_marked: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One mailbox at work: its courier and reader, and how the others are woken."""

    engine: Engine
    mailbox: Mailbox
    courier: Courier
    reader: MailReader | None
    """None when `replies_in` names the mailbox that is read in its stead."""
    stop: threading.Event
    """Set: no new message."""
    want: Callable[[str], None] = lambda _name: None
    """Ask for another mailbox to be read soon."""
    sent_folder: SentFolder | None = None
    """Where copies of what was sent are saved; None: nowhere."""
    sent_heads: SentHeads | None = None
    """Where messages that may have left or not are looked for; None: nowhere."""
    bell: MailBell | None = None
    """What says that mail has come; None: nothing does."""
    seeking: Seeking = field(default_factory=Seeking)
    """Those it looks for."""
    seeking_replies: Seeking = field(default_factory=Seeking)
    """The same of answers that reps sent from the command line."""
    files_sent: bool | None = None
    """What is known of the mailbox's provider: whether it files what it sends by itself."""
    troubles: Troubles = field(default_factory=Troubles)
    """The faults of its servers that the log knows of."""
    unwritten: list[Unwritten] = field(default_factory=list)
    """What servers answered while the database could not be written."""

    def gate_limits(self, now: datetime) -> GateLimits:
        """What the gates measure against at `now`."""
        return self.engine.gate_limits(self.mailbox, now)


def open_engine(
    workspace: Workspace,
    config: Config,
    store: Store,
    clock: Clock,
    *,
    boot_id: str | None = None,
    versions: Mapping[str, SequenceVersion] | None = None,
) -> Engine:
    """Everything flows need of a workspace, under a boot id of its own. InputError without workspace.key.

    `versions` by hash: those that are parsed already.
    """
    assets = Assets(workspace)
    return Engine(
        workspace=workspace,
        config=config,
        store=store,
        clock=clock,
        key=workspace.read_key(),
        boot_id=boot_id or secrets.token_hex(8),
        machine_boot=machine_boot(),
        assets=assets,
        encoded=EncodedFiles(assets),
        _versions=dict(versions or {}),
    )
