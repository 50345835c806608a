"""Every command explains itself in plain words, with a command to copy."""

import importlib
import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from sequencer.cli import COMMANDS, cli
from tests.docs.cli_page import epilog_of, leaves
from tests.docs.test_commands import NotACommand, try_parsing


def commands(group: click.Group, path: str = "sequencer") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


ALL = dict(commands(cli))


def test_every_name_in_the_table_is_a_command() -> None:
    for place in COMMANDS.values():
        module, _, attribute = place.partition(":")
        assert isinstance(getattr(importlib.import_module(module), attribute), click.Command)


@pytest.mark.parametrize("path", ALL)
def test_help_has_a_sentence_and_an_example_that_exists(path: str) -> None:
    shown = CliRunner().invoke(cli, [*path.split()[1:], "--help"], prog_name="sequencer")
    assert shown.exit_code == 0
    assert "..." not in shown.output.partition("Options:")[2]
    command = ALL[path]
    assert command.help
    assert command.help[0].isupper()
    if not isinstance(command, click.Group):
        assert f"{path} " in f"{command.epilog} "


def test_the_first_page_names_the_way_through() -> None:
    shown = CliRunner().invoke(cli, ["--help"], prog_name="sequencer").output
    for line in shown.partition("The way through:")[2].splitlines():
        if line.strip().startswith("sequencer "):
            words = line.split()
            assert any(path in " ".join(words) for path in ALL), line


LEAVES = dict(leaves())


@pytest.mark.parametrize("path", LEAVES)
def test_every_example_can_be_typed_and_calls_its_command(path: str) -> None:
    _told, copied = epilog_of(LEAVES[path])
    assert copied
    for line in copied:
        assert f"{line} ".startswith(f"{path} "), line
        try_parsing(line)


@pytest.mark.parametrize("path", LEAVES)
def test_help_explains_every_option_and_argument(path: str) -> None:
    command = LEAVES[path]
    said = f"{command.help} {command.epilog}"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
        else:
            name = (parameter.metavar or parameter.human_readable_name).strip("[].…").upper()
            assert re.search(rf"\b{name}", said), f"{path} does not say what {name} is"


def test_a_command_without_a_real_example_would_be_found() -> None:
    with pytest.raises(NotACommand):
        try_parsing("sequencer tasks done --all")
