"""The systemd unit in docs/operations.md keeps what the daemon needs and promises."""

import configparser
import re

import pytest

from sequencer.config import Limits
from tests.docs.test_commands import leaf
from tests.structure.sources import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


@pytest.fixture
def unit() -> configparser.ConfigParser:
    [text] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(text)
    return parser


def test_the_unit_has_the_three_sections_of_a_service(unit: configparser.ConfigParser) -> None:
    assert unit.sections() == ["Unit", "Service", "Install"]
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_it_starts_a_command_that_exists_in_the_workspace(unit: configparser.ConfigParser) -> None:
    program, *words = unit["Service"]["ExecStart"].split()
    assert program.endswith("/bin/sequencer")
    command, rest = leaf(words)
    command.make_context(command.name, rest)
    assert unit["Service"]["WorkingDirectory"] == unit["Service"]["ReadWritePaths"]


def test_stopping_has_longer_than_a_message_may_take_to_end(unit: configparser.ConfigParser) -> None:
    half_a_minute_for_a_lock = 30
    grace = Limits().shutdown_grace_in.total_seconds()
    assert int(unit["Service"]["TimeoutStopSec"]) > grace + half_a_minute_for_a_lock
    assert unit["Service"]["KillSignal"] == "SIGTERM"


def test_it_starts_again_after_a_failure_but_not_after_a_faulty_config(
    unit: configparser.ConfigParser,
) -> None:
    service = unit["Service"]
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == "2"
    tries = int(unit["Unit"]["StartLimitBurst"]) * int(service["RestartSec"])
    assert tries < int(unit["Unit"]["StartLimitIntervalSec"])


def test_it_may_write_its_workspace_and_nothing_else(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]
    assert service["User"] not in ("", "root")
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == service["PrivateTmp"] == "yes"
    assert service["EnvironmentFile"].startswith("-/etc/")
    assert service["UMask"] == "0077"


def test_the_page_answers_what_an_operator_asks() -> None:
    for question in ("disk is full", "damaged", "locked", "clock jumped", "host died", "another machine"):
        assert question in PAGE
