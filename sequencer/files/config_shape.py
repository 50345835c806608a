"""The shape of config.toml: every key, its type and its default; one class a table."""

from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sequencer.config import Proxy, SecretRef
from sequencer.files.provider_words import parse_provider, parse_proxy
from sequencer.files.secret import parse_secret_ref
from sequencer.files.words import (
    parse_address,
    parse_clock_time,
    parse_country,
    parse_days,
    parse_duration,
    parse_line,
    parse_positive_duration,
    parse_span,
    parse_website,
    parse_zone,
)

Line = Annotated[str, BeforeValidator(parse_line)]
Website = Annotated[str, BeforeValidator(parse_website)]
Address = Annotated[str, BeforeValidator(parse_address)]
Zone = Annotated[str, BeforeValidator(parse_zone)]
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
PositiveDuration = Annotated[timedelta, BeforeValidator(parse_positive_duration)]
Secret = Annotated[SecretRef, BeforeValidator(parse_secret_ref)]
Provider = Annotated[str, BeforeValidator(parse_provider)]
ProxyUrl = Annotated[Proxy, BeforeValidator(parse_proxy)]
Span = Annotated[tuple[time, time], BeforeValidator(parse_span)]
ClockTime = Annotated[time | None, BeforeValidator(parse_clock_time)]
Days = Annotated[tuple[int, ...] | None, BeforeValidator(parse_days)]
Country = Annotated[str, BeforeValidator(parse_country)]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1)]


class Shape(BaseModel):
    # Inputs are hidden because a password may stand where a reference should.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Share = Annotated[float, Field(gt=0, le=1)]


class SenderShape(Shape):
    company: Line
    postal_address: Line
    website: Website | None = None


class LimitsShape(Shape):
    max_inbox_age: PositiveDuration = timedelta(seconds=60)
    poll_every: PositiveDuration = timedelta(seconds=30)
    plan_ahead: PositiveDuration = timedelta(hours=24)
    render_ttl: PositiveDuration = timedelta(hours=24)
    shutdown_grace: Duration = timedelta(seconds=30)
    give_up_after: PositiveDuration = timedelta(hours=24)
    recently_answered_days: Annotated[int, Field(ge=0)] = 90
    company_cap: Annotated[int, Field(ge=0)] = 5
    contact_cap: Annotated[int, Field(ge=0)] = 2
    max_message_bytes: Count = 5_000_000
    max_template_bytes: Count = 65_536
    pause_at_bounces: Share = 0.08
    pause_at_complaints: Share = 0.003
    pause_from: Count = 50
    pause_at_same_refusals: Annotated[int, Field(ge=2)] = 5


class WindowShape(Shape):
    zone: Line = "buyer"
    hours: Annotated[list[Span], Field(min_length=1)]
    days: Days = None
    holidays: Literal["buyer", "none"] = "buyer"


class ClosureShape(Shape):
    name: Line
    first: date
    last: date | None = None
    open: list[date] = []
    every_year: bool = False
    countries: list[Country] = []


class RepShape(Shape):
    name: Line
    full_name: Line
    email: Address
    mailboxes: list[str]
    team: Line | None = None
    title: Line | None = None
    phone: Line | None = None
    signature: str = ""
    leads: list[Line] = []


class ServerShape(Shape):
    host: Line
    port: Port | None = None
    security: Literal["starttls", "tls", "none"] | None = None
    username: Line | None = None
    password: Secret | None = None
    timeout: PositiveDuration = timedelta(seconds=30)
    ca_file: Line | None = None


class OAuthShape(Shape):
    issuer: Line
    client_id: Line
    client_secret: Secret | None = None
    tenant: Line = "common"


class MailboxShape(Shape):
    name: Line
    address: Address
    display_name: Line | None = None
    zone: Zone | None = None
    daily_cap: Count = 50
    date_cap: Count | None = None
    new_cap: Count | None = None
    ramp_from: Count | None = None
    ramp_by: Count | None = None
    group: Line | None = None
    min_gap: Duration = timedelta(seconds=90)
    gap_jitter: Duration = timedelta(seconds=60)
    messages_per_connection: Count | None = None
    replies_in: Line | None = None
    plus_addressing: bool = False
    ignore_folders: list[str] = []
    provider: Provider = "custom"
    password: Secret | None = None
    proxy: ProxyUrl | None = None
    proxy_password: Secret | None = None
    save_sent: Literal["auto", "always", "never"] = "auto"
    sent_folder: Line | None = None
    idle: Literal["auto", False] = "auto"
    smtp: ServerShape
    imap: ServerShape | None = None
    oauth: OAuthShape | None = None


class GroupShape(Shape):
    name: Line
    daily_cap: Count


class RetiredShape(Shape):
    name: Line
    replies_in: Line


class NoticesShape(Shape):
    mail: bool = True
    quiet_hours: list[Span] = [(time(20), time(8))]
    digest_at: ClockTime = time(8, 30)
    silent_after: Duration = timedelta(days=3)


class WebhookShape(Shape):
    name: Line
    kind: Literal["json", "slack", "dingtalk", "feishu", "wecom"]
    url: Secret
    secret: Secret | None = None
    events: list[Literal["reply", "hold", "paused", "digest"]] = ["reply", "hold", "paused", "digest"]
    reps: list[Line] = []
    with_text: bool = False


class ConfigShape(Shape):
    me: Line
    default_zone: Zone
    only_to: list[str] = []
    sender: SenderShape
    limits: LimitsShape = LimitsShape()
    windows: Annotated[dict[str, WindowShape], Field(min_length=1)]
    closures: list[ClosureShape] = []
    reps: Annotated[list[RepShape], Field(min_length=1)]
    mailboxes: Annotated[list[MailboxShape], Field(min_length=1)]
    groups: list[GroupShape] = []
    retired: list[RetiredShape] = []
    notices: NoticesShape = NoticesShape()
    webhooks: list[WebhookShape] = []
