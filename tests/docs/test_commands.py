"""Every command that a document, a help text or a hint names can be typed like that."""

import ast
import re
import shlex
from collections.abc import Iterator

import click
import pytest

from sequencer.cli import cli
from tests.docs.documents import Told, code_spans, documents, fenced_lines
from tests.structure.sources import name_of, python_files, tree_of

_PROMPT = re.compile(r"^\s*(?:\$ )?")
_PROGRAM = re.compile(r"(?:\S*/)?sequencer(?= |$)")
_SPAN = re.compile(r"`(sequencer [^`\n]+)`")
_EXAMPLE = re.compile(r"(?:^|·|Examples?:|&&)\s*(sequencer [^·\n]+)", re.MULTILINE)
NOUNS = {name for name in cli.list_commands(click.Context(cli)) if " " not in name}


class NotACommand(Exception):
    """What is wrong with a command line."""


def leaf(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words (after `sequencer`) call, and the words left for it."""
    command: click.Command = cli
    while isinstance(command, click.Group):
        context = click.Context(command)
        try:
            _, rest, _ = command.make_parser(context).parse_args(list(words))
        except click.UsageError as error:
            raise NotACommand(error.message) from None
        if not rest:
            return command, []
        found = command.get_command(context, rest[0])
        if found is None:
            raise NotACommand(f"there is no command {rest[0]!r}")
        command, words = found, rest[1:]
    return command, words


def try_parsing(line: str) -> None:
    """Parse a command line as the program would, short of running it; NotACommand when it would refuse."""
    typed = line.partition(" > ")[0]  # what follows is the shell's
    command, words = leaf(shlex.split(typed, comments=True)[1:])
    if isinstance(command, click.Group):
        return  # it shows its help
    try:
        command.make_context(command.name, words)
    except click.UsageError as error:
        raise NotACommand(error.format_message()) from None
    except click.exceptions.Exit:
        pass  # --help


def try_naming(line: str) -> None:
    """Like `try_parsing` for a line with placeholders: its path and its options must exist."""
    bare = re.sub(r"[\[\]|…]", " ", line)
    command, words = leaf(shlex.split(bare)[1:])
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    unknown = {word.partition("=")[0] for word in words if word.startswith("-")} - known
    if unknown:
        raise NotACommand(f"{command.name} has no option {', '.join(sorted(unknown))}")


def typed_lines() -> Iterator[Told]:
    """Command lines in the blocks of the documents, `&&` taken apart."""
    for path in documents():
        for where, line in fenced_lines(path):
            for part in _PROMPT.sub("", line).split(" && "):
                if _PROGRAM.match(part):
                    yield where, part


def named_lines() -> Iterator[Told]:
    """Commands in backquotes: `sequencer enroll …`, or a noun with its verb."""
    for path in documents():
        for where, span in code_spans(path):
            first, _, rest = span.partition(" ")
            if first == "sequencer" and rest:
                yield where, span
            elif first in NOUNS and rest:
                yield where, f"sequencer {span}"


def said_lines() -> Iterator[Told]:
    """Commands that the program itself names: in hints, help texts and their examples."""
    for path in python_files("sequencer"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                where = f"{name_of(path)}:{node.lineno}"
                for pattern in (_SPAN, _EXAMPLE):
                    yield from ((where, line) for line in pattern.findall(node.value))


def faults(lines: Iterator[Told], attempt: object) -> list[str]:
    found = []
    for where, line in lines:
        try:
            attempt(line)  # type: ignore[operator]
        except NotACommand as fault:
            found.append(f"{where}: {line}: {fault}")
    return found


def test_every_command_line_in_a_document_can_be_typed() -> None:
    assert faults(typed_lines(), try_parsing) == []


def test_every_command_named_in_a_sentence_exists() -> None:
    assert faults(named_lines(), try_naming) == []


def test_every_command_the_program_names_exists() -> None:
    assert faults(said_lines(), try_naming) == []


def test_the_search_finds_commands_in_all_three_places() -> None:
    assert {"README.md", "docs/walkthrough.md"} <= {where.partition(":")[0] for where, _ in typed_lines()}
    assert {"docs/states.md"} <= {where.partition(":")[0] for where, _ in named_lines()}
    assert {"sequencer/cli/enroll.py"} <= {where.partition(":")[0] for where, _ in said_lines()}


@pytest.mark.parametrize(
    "line",
    [
        "sequencer contcts list",
        "sequencer contacts lst",
        "sequencer contacts list --ownr li",
        "sequencer --workspce x status",
        "sequencer contacts show",
        "sequencer outbox show twelve",
        "sequencer status now",
    ],
)
def test_a_line_that_the_program_would_refuse_is_a_fault(line: str) -> None:
    with pytest.raises(NotACommand):
        try_parsing(line)


@pytest.mark.parametrize(
    "line",
    ["sequencer -w buyers status", ".venv/bin/sequencer run --once  # one tick", "sequencer --help"],
)
def test_a_line_that_the_program_would_take_is_none(line: str) -> None:
    assert faults(iter([("page", line)]), try_parsing) == []


def test_placeholders_need_not_be_values_but_options_must_be_options() -> None:
    try_naming("sequencer outbox resolve ID [--sent | --resend]")
    with pytest.raises(NotACommand, match="--forget"):
        try_naming("sequencer outbox resolve ID --forget")
