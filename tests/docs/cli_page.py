"""docs/cli.md as the commands themselves tell it: a section each with usage, arguments, options, examples."""

import re
from collections.abc import Iterator

import click

from sequencer.cli import cli

HEAD = """\
# Commands

Written from `--help` by the tests: `UPDATE_DOCS=1 make test ARGS="-n 0 tests/docs/test_cli_page.py"` writes
it anew. Every command takes `--help`; before the command stand the options of the program itself.
Reading commands take `--json`: one document with stable keys, times in UTC. Exit codes: 0 fine, 1 failed,
2 faulty input, 3 done but something needs a person, 130 broken off.
"""
_EXAMPLES = re.compile(r"^Examples?:$")


def leaves(group: click.Group = cli, path: str = "sequencer") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name, in order."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def epilog_of(command: click.Command) -> tuple[list[str], list[str]]:
    """What stands below the options: sentences, and the lines to copy."""
    told: list[str] = []
    copied: list[str] = []
    into = told
    for line in (command.epilog or "").replace("\b\n", "").splitlines():
        if _EXAMPLES.match(line.strip()):
            into = copied
        elif line.strip():
            into.append(line.strip() if into is copied else line.rstrip())
        else:
            into = told if not copied else into
    return told, copied


def page() -> str:
    """The whole page."""
    parts = [HEAD, _section("sequencer", cli)]
    parts += [_section(path, command) for path, command in leaves()]
    return "\n".join(parts)


def _section(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    told, copied = epilog_of(command)
    lines = [f"## {path}", "", *_paragraphs(command.help or ""), ""]
    if not isinstance(command, click.Group):
        lines += [f"Usage: `{' '.join((path, *command.collect_usage_pieces(context)))}`", ""]
    options = list(_options(command, context))
    if options:
        lines += ["| option | does |", "|---|---|", *options, ""]
    if isinstance(command, click.Group):
        return "\n".join(lines)
    if told:
        lines += [*(_plain(line) for line in told), ""]
    return "\n".join([*lines, "```console", *(f"$ {line}" for line in copied), "```", ""])


def _paragraphs(text: str) -> list[str]:
    return [_plain(line.strip()) for line in text.replace("\b", "").strip().splitlines()]


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            name, says = record
            yield f"| `{name.replace('|', ' or ')}` | {_plain(says).replace('|', ' or ')} |"


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return text.replace("<", "&lt;").replace("*", "\\*").strip()
