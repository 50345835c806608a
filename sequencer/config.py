"""The workspace's settings as frozen values; `files/config_file.py` makes them from config.toml."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Literal

DEFAULT_RAMP_BY = 2

Security = Literal["starttls", "tls", "none"]
"""`none` (no encryption) is accepted for loopback hosts only."""

SaveSent = Literal["auto", "always", "never"]
"""Whether copies of what was sent are saved in Sent; `auto`: where the provider does not do it."""


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is kept: `env:NAME`, `file:PATH` or `cmd:COMMAND`; never the secret itself."""

    reference: str

    def __repr__(self) -> str:
        return f"SecretRef({self.reference.partition(':')[0]}:…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A SOCKS5 proxy; the names of mail servers are looked up there, not here."""

    host: str
    port: int = 1080
    username: str | None = None
    password: SecretRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How one SMTP or IMAP server is reached."""

    host: str
    port: int
    security: Security
    username: str | None
    password: SecretRef | None
    timeout_in: timedelta = timedelta(seconds=30)
    ca_file: Path | None = None
    """An extra certificate authority, for a firm's own servers."""
    provider: str = "custom"
    """The mailbox's; it decides which mend a refused login is told."""
    proxy: Proxy | None = None
    """The mailbox's."""
    messages_per_connection: int | None = None
    """SMTP: the mailbox's; None: as its provider has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """The app through which a mailbox is signed in with its provider, in place of a password."""

    issuer: str
    """`microsoft`, `google`, or a base URL under which /device, /authorize and /token answer."""
    client_id: str
    client_secret: SecretRef | None = None
    tenant: str = "common"
    """Microsoft's name for the organisation: its domain, its id, or `common`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mailbox a rep writes from. It sends only when somebody reads its answers."""

    name: str
    address: str
    display_name: str
    provider: str = "custom"
    """A key of `core/provider_table.py`, or custom."""
    smtp: Server
    imap: Server | None = None
    oauth: OAuth | None = None
    replies_in: str | None = None
    """Another mailbox that gets the Reply-To and is read in this one's stead."""
    plus_addressing: bool = False
    ignore_folders: tuple[str, ...] = ()
    save_sent: SaveSent = "auto"
    """Without `imap` of its own a mailbox has no Sent folder that could be reached: nothing is saved."""
    sent_folder: str | None = None
    """Its Sent folder, where neither the server's mark nor a known name tells."""
    idle: Literal["auto", False] = "auto"
    """Whether its server may say when mail comes (IDLE), where it can; looking every `poll_every` goes on."""
    zone: str
    """IANA zone in which this mailbox's per-day cap counts."""
    daily_cap: int = 50
    """Messages in any rolling 24 hours."""
    date_cap: int | None = None
    """Messages on one date of its zone; None: as many as `daily_cap` lets."""
    new_cap: int | None = None
    """Messages to contacts nobody had written to, in any rolling 24 hours; None: as many as leave at all."""
    ramp_from: int | None = None
    """The caps of the date of its first message; None: it is no young mailbox, they hold in full."""
    ramp_by: int = DEFAULT_RAMP_BY
    """How much they grow with each date after that, up to what they are."""
    group: str | None = None
    """Mailboxes of one group share its cap."""
    min_gap_in: timedelta = timedelta(seconds=90)
    gap_jitter_in: timedelta = timedelta(seconds=60)

    @property
    def reader_name(self) -> str:
        """The mailbox that is read for this one's answers."""
        return self.replies_in or self.name

    @property
    def domain(self) -> str:
        """The sender's domain, in which Message-IDs are minted."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxGroup:
    """Mailboxes that share a cap: those of one provider's account, or of one domain."""

    name: str
    daily_cap: int
    """Messages of all of them in any rolling 24 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A mailbox that has written and is gone; `replies_in` says who reads its answers now."""

    name: str
    replies_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """A person who writes to buyers."""

    name: str
    """The key used in `--as`, `owner` and the database."""
    full_name: str
    email: str
    mailboxes: tuple[str, ...]
    team: str | None = None
    title: str | None = None
    phone: str | None = None
    signature: str = ""
    leads: tuple[str, ...] = ()
    """Teams whose digest this rep gets beside their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The firm the reps write for; a postal address is required by most anti-spam laws."""

    company: str
    postal_address: str
    website: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours and days in which messages may leave."""

    name: str
    zone: str
    """`buyer`, `sender`, or an IANA zone name."""
    hours: tuple[tuple[time, time], ...]
    """Wall-clock spans `[start, end)`; an end not after its start runs past midnight."""
    days: tuple[int, ...] | None = None
    """ISO weekdays (Monday = 1); None is the buyer's country's own work week."""
    holidays: Literal["buyer", "none"] = "buyer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days on which nothing leaves, both ends included: the sender's own, or a lull in buyers' countries."""

    name: str
    first: date
    last: date
    open: tuple[date, ...] = ()
    """Days among them on which mails leave all the same (worked in exchange for a day off)."""
    every_year: bool = False
    """On the same days of every year."""
    countries: tuple[str, ...] = ()
    """ISO alpha-2: for buyers there alone, by their clock. Empty: for everybody, by the sender's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryDays:
    """What holidays.yaml says of the days off of a country, or of one state of it."""

    country: str
    """ISO alpha-2."""
    state: str = ""
    """As the file names it; empty: the whole country."""
    weekend: frozenset[int] | None = None
    """ISO weekdays (Monday = 1); None: as the program knows it."""
    add: tuple[tuple[date, str], ...] = ()
    """Days off with their names."""
    remove: tuple[date, ...] = ()
    """Public holidays that are none."""
    move: tuple[tuple[date, date], ...] = ()
    """From one day to another, the name kept."""
    work: tuple[date, ...] = ()
    """Days that are worked, whatever else they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ages, spans and sizes that bound what the program does."""

    max_inbox_age_in: timedelta = timedelta(seconds=60)
    """A follow-up leaves only if each mailbox that wrote to the contact was read this recently."""
    poll_every_in: timedelta = timedelta(seconds=30)
    plan_ahead_in: timedelta = timedelta(hours=24)
    render_ttl_in: timedelta = timedelta(hours=24)
    shutdown_grace_in: timedelta = timedelta(seconds=30)
    give_up_after_in: timedelta = timedelta(hours=24)
    """A message answered with 4xx for this long is refused."""
    recently_answered_days: int = 90
    company_cap: int = 5
    """Messages to one company's domain in any rolling 24 hours, of all sequences and reps; 0: no cap."""
    contact_cap: int = 2
    """The same to one contact."""
    max_message_bytes: int = 5_000_000
    """Encoded size of one message, attachments included."""
    max_template_bytes: int = 65_536
    pause_at_bounces: float = 0.08
    """A mailbox pauses itself when this share of its last mails went to dead addresses; 1: never."""
    pause_at_complaints: float = 0.003
    """The same for mails that were called spam."""
    pause_from: int = 50
    """Mails since it was resumed last, before a share says anything."""
    pause_at_same_refusals: int = 5
    """It pauses itself as well after so many mails in a row refused in the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """When reps hear of replies, holds and paused mailboxes, and when of the day as a whole."""

    mail: bool = True
    """Mail to the rep's `email`, from a mailbox of theirs."""
    quiet_hours: tuple[tuple[time, time], ...] = ((time(20), time(8)),)
    """Wall-clock spans `[start, end)` in the zone of the rep's mailbox: what happens then is told after."""
    digest_at: time | None = time(8, 30)
    """Wall time in `default_zone`; None: no digest."""
    silent_after_in: timedelta = timedelta(days=3)
    """A mailbox that used to receive and gets nothing for so long, weekends and closures left out, is told
    of; zero: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A chat room or program that hears of what happens."""

    name: str
    kind: Literal["json", "slack", "dingtalk", "feishu", "wecom"]
    url: SecretRef
    """Whoever knows the URL can write there: it is a secret."""
    secret: SecretRef | None = None
    """Signs what is posted, where the kind knows signatures (json, dingtalk, feishu)."""
    events: tuple[str, ...] = ("reply", "hold", "paused", "digest")
    reps: tuple[str, ...] = ()
    """Whose news goes there; empty: everybody's."""
    with_text: bool = False
    """The buyer's own words go along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything config.toml says, with its defaults filled in."""

    sender: Sender
    me: str
    """The acting rep when neither `--as` nor SEQUENCER_REP names one."""
    default_zone: str
    """IANA zone of the sender's firm, and of contacts whose zone is unknown (said aloud)."""
    reps: tuple[Rep, ...]
    mailboxes: tuple[Mailbox, ...]
    windows: tuple[Window, ...]
    groups: tuple[MailboxGroup, ...] = ()
    retired: tuple[Retired, ...] = ()
    closures: tuple[Closure, ...] = ()
    calendar: tuple[CountryDays, ...] = ()
    """What holidays.yaml beside config.toml says."""
    limits: Limits = field(default_factory=Limits)
    notices: Notices = field(default_factory=Notices)
    webhooks: tuple[Webhook, ...] = ()
    only_to: tuple[str, ...] = ()
    """Rehearsal list: when not empty, messages leave only to addresses matching one of these patterns."""

    def rep(self, name: str) -> Rep | None:
        """The rep of that name, if there is one."""
        return next((rep for rep in self.reps if rep.name == name), None)

    def mailbox(self, name: str) -> Mailbox | None:
        """The mailbox of that name, if there is one."""
        return next((mailbox for mailbox in self.mailboxes if mailbox.name == name), None)

    def group(self, name: str) -> MailboxGroup | None:
        """The group of mailboxes of that name, if there is one."""
        return next((group for group in self.groups if group.name == name), None)

    def window(self, name: str) -> Window | None:
        """The window of that name, if there is one."""
        return next((window for window in self.windows if window.name == name), None)
