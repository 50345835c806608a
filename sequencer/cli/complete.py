"""What the shell offers while a word is typed: names from the workspace's files, never an error."""

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def sequences(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of sequences."""
    return _offered("sequences", ctx, incomplete)


def mailboxes(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of mailboxes."""
    return _offered("mailboxes", ctx, incomplete)


def reps(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of reps."""
    return _offered("reps", ctx, incomplete)


def _offered(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Nothing where there is no workspace: a shell has no place for an error."""
    from sequencer.errors import SequencerError
    from sequencer.files.known_names import known_names
    from sequencer.files.workspace import find_workspace

    start = ctx.find_root().params.get("workspace") or os.environ.get("SEQUENCER_WORKSPACE") or "."
    try:
        names = known_names(find_workspace(Path(start).absolute()), kind)
    except (SequencerError, OSError):
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
