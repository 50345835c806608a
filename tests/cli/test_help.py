"""Every command explains itself in plain words, with a command to copy."""

import importlib
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from sequencer.cli import COMMANDS, cli


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
