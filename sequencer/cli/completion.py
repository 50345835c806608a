"""`completion`: the script by which a shell completes commands, options and names."""

import click

from sequencer.cli.examples import examples

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog="""\b
SHELL is bash (4.4 or later), zsh or fish; PowerShell can't be offered. Once, then open a new shell:
  bash   add to ~/.bashrc   eval "$(sequencer completion bash)"
  zsh    add to ~/.zshrc    eval "$(sequencer completion zsh)"

"""
    + examples(
        "sequencer completion bash", "sequencer completion fish > ~/.config/fish/completions/sequencer.fish"
    )
)
@click.argument("shell", type=click.Choice(_SHELLS), metavar="SHELL")
def completion(shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, and names of your workspace."""
    from click.shell_completion import ShellComplete, get_completion_class

    from sequencer.cli import cli
    from sequencer.cli.output import say

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    # The base class's: bash's own starts a bash to learn its version.
    say(ShellComplete.source(kind(cli, {}, "sequencer", "_SEQUENCER_COMPLETE")).rstrip())
