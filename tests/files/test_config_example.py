"""config.example.toml, the settings and their shape name the same keys with the same defaults."""

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sequencer.config import (
    Closure,
    Config,
    Limits,
    Mailbox,
    Notices,
    OAuth,
    Rep,
    Retired,
    Sender,
    Server,
    Webhook,
    Window,
)
from sequencer.files.config_file import read_config
from sequencer.files.config_shape import (
    ClosureShape,
    ConfigShape,
    LimitsShape,
    MailboxShape,
    NoticesShape,
    OAuthShape,
    RepShape,
    RetiredShape,
    SenderShape,
    ServerShape,
    WebhookShape,
    WindowShape,
)
from sequencer.files.words import parse_duration

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
_HIDDEN_KEY = re.compile(r"^# (\[\[?[\w.]+\]\]?.*|\w+ = .*)$")

PAIRS: list[tuple[type[BaseModel], Any]] = [
    (ConfigShape, Config),
    (SenderShape, Sender),
    (LimitsShape, Limits),
    (WindowShape, Window),
    (ClosureShape, Closure),
    (RepShape, Rep),
    (MailboxShape, Mailbox),
    (ServerShape, Server),
    (OAuthShape, OAuth),
    (RetiredShape, Retired),
    (NoticesShape, Notices),
    (WebhookShape, Webhook),
]

HANDED_ON: dict[type, set[str]] = {
    Config: {"calendar"},
    Mailbox: {"password", "proxy", "proxy_password", "messages_per_connection"},
    Server: {"provider", "proxy", "messages_per_connection"},
}
"""Keys of a mailbox that the settings keep with each of its servers; what holidays.yaml says."""


def uncovered() -> dict[str, Any]:
    """The example with every key and table that is commented out taken in."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    shown = [match[1] if (match := _HIDDEN_KEY.match(line)) else line for line in lines]
    return tomllib.loads("\n".join(shown))


def test_the_shape_of_the_file_and_the_settings_have_the_same_fields() -> None:
    for shape, settings in PAIRS:
        fields = {
            field.name.removesuffix("_in") if field.name != "replies_in" else field.name
            for field in dataclasses.fields(settings)
        }
        if settings is Window:
            fields -= {"name"}  # the table's own name
        assert set(shape.model_fields) ^ fields == HANDED_ON.get(settings, set()), settings


def test_the_example_shows_every_key_there_is() -> None:
    document = uncovered()
    (mailbox,) = document["mailboxes"]
    shown = [
        (ConfigShape, document),
        (SenderShape, document["sender"]),
        (LimitsShape, document["limits"]),
        (WindowShape, document["windows"]["buyer"]),
        (ClosureShape, document["closures"][0]),
        (RepShape, document["reps"][0]),
        (MailboxShape, mailbox),
        (ServerShape, mailbox["smtp"]),
        (ServerShape, mailbox["imap"]),
        (OAuthShape, mailbox["oauth"]),
        (RetiredShape, document["retired"][0]),
        (NoticesShape, document["notices"]),
        (WebhookShape, document["webhooks"][0]),
    ]
    for shape, keys in shown:
        assert set(keys) == set(shape.model_fields), shape


def test_the_defaults_in_the_example_are_the_defaults() -> None:
    document = uncovered()
    (mailbox,) = document["mailboxes"]
    assert LimitsShape.model_validate(document["limits"]) == LimitsShape()
    assert NoticesShape.model_validate(document["notices"]) == NoticesShape()
    for name in ("daily_cap", "min_gap", "gap_jitter", "plus_addressing", "ignore_folders"):
        assert read(mailbox[name]) == MailboxShape.model_fields[name].default, name
    assert read(mailbox["smtp"]["timeout"]) == ServerShape.model_fields["timeout"].default
    assert document["windows"]["buyer"]["days"] == "work week"
    assert document["windows"]["buyer"]["holidays"] == WindowShape.model_fields["holidays"].default
    assert LimitsShape.model_fields["max_inbox_age"].default == Limits().max_inbox_age_in


def test_the_shapes_defaults_are_the_settings_own() -> None:
    for shape, settings in PAIRS:
        own = {field.name: field.default for field in dataclasses.fields(settings)}
        for name, field in shape.model_fields.items():
            default = own.get(name, own.get(f"{name}_in", dataclasses.MISSING))
            if default is not dataclasses.MISSING and not field.is_required() and field.default is not None:
                given = tuple(field.default) if isinstance(field.default, list) else field.default
                assert given == default, (settings, name)


def test_a_workspace_as_it_is_shipped_sends_nothing_anywhere() -> None:
    config = read_config(EXAMPLE)
    (mailbox,) = config.mailboxes
    assert mailbox.imap is not None
    assert (mailbox.smtp.host, mailbox.smtp.port, mailbox.smtp.security) == ("127.0.0.1", 2525, "none")
    assert (mailbox.imap.host, mailbox.imap.port, mailbox.imap.security) == ("127.0.0.1", 2143, "none")
    assert config.only_to == ("*@ourfirm.example",)
    assert [rep.name for rep in config.reps] == [config.me]


def read(value: object) -> object:
    """A value of the example; durations as such."""
    return parse_duration(value) if isinstance(value, str) else value
