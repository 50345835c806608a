"""The examples of docs/pacing.md are what the program does, and every cap has one."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from sequencer.core.caps import Cap, CapKind, buyer_caps, mailbox_caps, new_cap
from sequencer.core.wall_time import instant_of, wall_time
from sequencer.files.config_build import build_config
from sequencer.files.config_shape import ConfigShape
from tests.structure.sources import ROOT

PAGE = ROOT / "docs" / "pacing.md"
MONDAY = datetime(2026, 3, 2)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
KINDS = {
    "daily_cap": CapKind.MAILBOX,
    "date_cap": CapKind.DATE,
    "ramp_from": CapKind.MAILBOX,
    "new_cap": CapKind.NEW,
    "group": CapKind.GROUP,
    "company_cap": CapKind.COMPANY,
    "contact_cap": CapKind.CONTACT,
}
_WHEN = re.compile(r"(\w{3}) (\d\d):(\d\d)(?: ×(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One row."""

    key: str
    settings: str
    left: str
    wants: str
    leaves: str


def examples() -> list[Example]:
    return list(_examples(PAGE.read_text("utf-8")))


def _examples(page: str) -> Iterator[Example]:
    for section in page.split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
        key = re.search(r"`(\w+)`", heading)
        if block is None or key is None:
            continue
        for row in re.findall(r"^\| (\w{3} .*) \| (.*) \| (.*) \|$", text, re.MULTILINE):
            left, wants, leaves = row
            yield Example(key=key[1], settings=block[1], left=left, wants=wants, leaves=leaves)


def caps_of(settings: str, first_sent_at: datetime) -> list[Cap]:
    """Every cap of a firm with these settings and nothing else set."""
    said: dict[str, Any] = tomllib.loads(settings)
    plain = {"host": "127.0.0.1", "security": "none"}
    needed = {"name": "li", "address": "li@ourfirm.example", "smtp": plain, "imap": plain}
    [box] = said.pop("mailboxes", [{}])
    shape = ConfigShape.model_validate(
        {
            "me": "li",
            "default_zone": "UTC",
            "sender": {"company": "Harbour Tools", "postal_address": "88 Harbour Road, Ningbo"},
            "windows": {"buyer": {"hours": ["09:00-17:00"]}},
            "reps": [
                {"name": "li", "full_name": "Li Wei", "email": "li@ourfirm.example", "mailboxes": ["li"]}
            ],
            "mailboxes": [needed | box],
        }
        | said
    )
    config = build_config(shape, Path())
    [mailbox] = config.mailboxes
    new = new_cap(mailbox)
    buyers = buyer_caps(config.limits, contact="1", domain="luso.example")
    return [*mailbox_caps(config, mailbox, first_sent_at), *([new] if new else []), *buyers]


def instants(text: str, zone: str) -> Iterator[datetime]:
    for day, hour, minute, times in _WHEN.findall(text):
        at = datetime.combine((MONDAY + timedelta(days=DAYS.index(day))).date(), time(int(hour), int(minute)))
        yield from [instant_of(at, zone)] * int(times or 1)


def in_words(at: datetime, zone: str) -> str:
    wall = wall_time(at, zone)
    assert timedelta(0) <= wall - MONDAY < timedelta(days=7)
    return f"{DAYS[wall.weekday()]} {wall:%H:%M}"


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"{one.key}: {one.left}, {one.wants}")
def test_an_example_leaves_when_the_page_says(example: Example) -> None:
    said = tomllib.loads(example.settings)
    zone = said.get("mailboxes", [{}])[0].get("zone", "UTC")
    left = list(instants(example.left, zone))
    [wants] = instants(example.wants, zone)
    [cap] = [one for one in caps_of(example.settings, min(left)) if one.kind is KINDS[example.key]]
    assert in_words(cap.opens_at(left, wants), zone) == example.leaves
    assert wants.tzinfo is UTC


def test_there_are_examples_of_every_cap_that_let_through_and_that_keep_back() -> None:
    for key in KINDS:
        mine = [one for one in examples() if one.key == key]
        assert {one.wants == one.leaves for one in mine} == {True, False}, key
    assert {KINDS[one.key] for one in examples()} == set(CapKind)


def test_the_page_names_every_setting_of_a_cap() -> None:
    page = PAGE.read_text("utf-8")
    for key in (*KINDS, "ramp_by", "[[groups]]", "min_gap", "gap_jitter"):
        assert f"`{key}`" in page, key
