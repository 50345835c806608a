"""Turns a faultless shape of config.toml into the frozen `config.Config`, its defaults filled in."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

from sequencer.config import (
    DEFAULT_RAMP_BY,
    Closure,
    Config,
    Limits,
    Mailbox,
    MailboxGroup,
    Notices,
    OAuth,
    Proxy,
    Rep,
    Retired,
    Security,
    Sender,
    Server,
    Webhook,
    Window,
)
from sequencer.files.config_shape import (
    ClosureShape,
    ConfigShape,
    LimitsShape,
    MailboxShape,
    NoticesShape,
    OAuthShape,
    RepShape,
    ServerShape,
    WebhookShape,
    WindowShape,
)

Protocol = Literal["smtp", "imap"]

DEFAULT_SECURITY: dict[Protocol, Security] = {"smtp": "starttls", "imap": "tls"}
DEFAULT_PORT: dict[tuple[Protocol, Security], int] = {
    ("smtp", "starttls"): 587,
    ("smtp", "tls"): 465,
    ("smtp", "none"): 25,
    ("imap", "starttls"): 143,
    ("imap", "tls"): 993,
    ("imap", "none"): 143,
}


def build_config(shape: ConfigShape, root: Path) -> Config:
    """The settings; `root` is the workspace, to which files named in config.toml are relative."""
    sender = shape.sender
    return Config(
        sender=Sender(company=sender.company, postal_address=sender.postal_address, website=sender.website),
        me=shape.me,
        default_zone=shape.default_zone,
        reps=tuple(_rep(rep) for rep in shape.reps),
        mailboxes=tuple(_mailbox(mailbox, shape, root) for mailbox in shape.mailboxes),
        windows=tuple(window_of(name, window) for name, window in shape.windows.items()),
        groups=tuple(MailboxGroup(name=one.name, daily_cap=one.daily_cap) for one in shape.groups),
        retired=tuple(Retired(name=gone.name, replies_in=gone.replies_in) for gone in shape.retired),
        closures=tuple(closure_of(closure) for closure in shape.closures),
        limits=_limits(shape.limits),
        notices=_notices(shape.notices),
        webhooks=tuple(_webhook(hook) for hook in shape.webhooks),
        only_to=tuple(shape.only_to),
    )


def closure_of(shape: ClosureShape) -> Closure:
    """A closure; without `last` it is of one day."""
    return Closure(
        name=shape.name,
        first=shape.first,
        last=shape.last or shape.first,
        open=tuple(sorted(shape.open)),
        every_year=shape.every_year,
        countries=tuple(shape.countries),
    )


def _limits(shape: LimitsShape) -> Limits:
    return Limits(
        max_inbox_age_in=shape.max_inbox_age,
        poll_every_in=shape.poll_every,
        plan_ahead_in=shape.plan_ahead,
        render_ttl_in=shape.render_ttl,
        shutdown_grace_in=shape.shutdown_grace,
        give_up_after_in=shape.give_up_after,
        recently_answered_days=shape.recently_answered_days,
        company_cap=shape.company_cap,
        contact_cap=shape.contact_cap,
        max_message_bytes=shape.max_message_bytes,
        max_template_bytes=shape.max_template_bytes,
        pause_at_bounces=shape.pause_at_bounces,
        pause_at_complaints=shape.pause_at_complaints,
        pause_from=shape.pause_from,
        pause_at_same_refusals=shape.pause_at_same_refusals,
    )


def _rep(shape: RepShape) -> Rep:
    return Rep(
        name=shape.name,
        full_name=shape.full_name,
        email=shape.email,
        mailboxes=tuple(shape.mailboxes),
        team=shape.team,
        title=shape.title,
        phone=shape.phone,
        signature=shape.signature,
        leads=tuple(shape.leads),
    )


def _notices(shape: NoticesShape) -> Notices:
    return Notices(
        mail=shape.mail,
        quiet_hours=tuple(sorted(shape.quiet_hours)),
        digest_at=shape.digest_at,
        silent_after_in=shape.silent_after,
    )


def _webhook(shape: WebhookShape) -> Webhook:
    return Webhook(
        name=shape.name,
        kind=shape.kind,
        url=shape.url,
        secret=shape.secret,
        events=tuple(shape.events),
        reps=tuple(shape.reps),
        with_text=shape.with_text,
    )


def _mailbox(shape: MailboxShape, config: ConfigShape, root: Path) -> Mailbox:
    return Mailbox(
        name=shape.name,
        address=shape.address,
        display_name=shape.display_name
        or _name_of_user(shape.name, config)
        or shape.address.partition("@")[0],
        provider=shape.provider,
        smtp=_signed_in(_server(shape.smtp, "smtp", root, shape), shape),
        imap=_signed_in(_server(shape.imap, "imap", root, shape), shape) if shape.imap else None,
        oauth=_oauth(shape.oauth) if shape.oauth else None,
        replies_in=shape.replies_in,
        plus_addressing=shape.plus_addressing,
        ignore_folders=tuple(shape.ignore_folders),
        save_sent=shape.save_sent,
        sent_folder=shape.sent_folder,
        idle=shape.idle,
        zone=shape.zone or config.default_zone,
        daily_cap=shape.daily_cap,
        date_cap=shape.date_cap,
        new_cap=shape.new_cap,
        ramp_from=shape.ramp_from,
        ramp_by=shape.ramp_by or DEFAULT_RAMP_BY,
        group=shape.group,
        min_gap_in=shape.min_gap,
        gap_jitter_in=shape.gap_jitter,
    )


def _name_of_user(mailbox: str, config: ConfigShape) -> str | None:
    return next((rep.full_name for rep in config.reps if mailbox in rep.mailboxes), None)


def _proxy(shape: MailboxShape) -> Proxy | None:
    return replace(shape.proxy, password=shape.proxy_password) if shape.proxy else None


def _server(shape: ServerShape, protocol: Protocol, root: Path, mailbox: MailboxShape) -> Server:
    security = shape.security or DEFAULT_SECURITY[protocol]
    return Server(
        host=shape.host,
        port=shape.port or DEFAULT_PORT[protocol, security],
        security=security,
        username=shape.username,
        password=shape.password,
        timeout_in=shape.timeout,
        ca_file=root / Path(shape.ca_file).expanduser() if shape.ca_file else None,
        provider=mailbox.provider,
        proxy=_proxy(mailbox),
        messages_per_connection=mailbox.messages_per_connection if protocol == "smtp" else None,
    )


def _signed_in(server: Server, shape: MailboxShape) -> Server:
    """With [mailboxes.oauth] the user is the mailbox's address, unless one is written."""
    is_nameless = shape.oauth is not None and server.username is None
    return replace(server, username=shape.address) if is_nameless else server


def _oauth(shape: OAuthShape) -> OAuth:
    return OAuth(
        issuer=shape.issuer.rstrip("/"),
        client_id=shape.client_id,
        client_secret=shape.client_secret,
        tenant=shape.tenant,
    )


def window_of(name: str, shape: WindowShape) -> Window:
    """A window, its hours in order."""
    return Window(
        name=name, zone=shape.zone, hours=tuple(sorted(shape.hours)), days=shape.days, holidays=shape.holidays
    )
