"""Secrets by reference: where they are kept, and fetching them; they never reach a message or a log."""

import os
import re
import shlex
import subprocess
from pathlib import Path

from sequencer.config import SecretRef
from sequencer.errors import InputError
from sequencer.files.words import WordFault

COMMAND_TIMEOUT_SECONDS = 15
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_FILE_IN_TEXT = re.compile(r"""["']file:([^"'\n]+)["']""")


def parse_secret_ref(written: object) -> SecretRef:
    """`env:NAME`, `file:PATH` or `cmd:COMMAND`; WordFault, which repeats nothing of it, otherwise."""
    kind, colon, rest = written.partition(":") if isinstance(written, str) else ("", "", "")
    if not colon or kind not in ("env", "file", "cmd") or not rest.strip():
        raise WordFault(
            "a secret is not written into the file itself",
            'write where it is kept: "env:NAME", "file:PATH" or "cmd:COMMAND"',
        )
    if kind == "env" and not _VARIABLE.fullmatch(rest.strip()):
        # What is no name is often the secret itself, and later faults would repeat it.
        raise WordFault(
            "a secret is not written into the file itself: env: takes a variable's name",
            'write "env:NAME" (letters, digits and _), and set NAME before starting sequencer',
        )
    return SecretRef(f"{kind}:{rest.strip()}")


def secret_files(config_text: str, root: Path) -> frozenset[Path]:
    """The files that `file:` secrets name in a config.toml, which may be a faulty one."""
    written = (found.strip() for found in _FILE_IN_TEXT.findall(config_text))
    return frozenset(_path(one, root).resolve() for one in written)


def resolve_secret(reference: SecretRef, root: Path) -> str:
    """Fetch a secret: a variable, the first line of a file (relative to `root`) or of a command's output.

    A command is started without a shell and has 15 seconds. InputError says what is missing and the mend,
    never the secret.
    """
    kind, _, rest = reference.reference.partition(":")
    fetch = {"env": _from_variable, "file": _from_file, "cmd": _from_command}[kind]
    secret = fetch(rest, root)
    if not secret:
        raise InputError(
            f"the secret {kind}:{_shown(kind, rest)} is empty", hint="its first line is what counts"
        )
    return secret


def _from_variable(name: str, _root: Path) -> str:
    if name not in os.environ:
        raise InputError(
            f"the environment variable {name} is not set", hint=f"set {name} before starting sequencer"
        )
    return os.environ[name]


def _from_file(written: str, root: Path) -> str:
    path = _path(written, root)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the secret's file is not UTF-8 text", where=str(path)) from None
    except OSError as error:
        raise InputError(
            f"the secret's file cannot be read: {error.strerror}",
            where=str(path),
            hint="write the secret into it, readable by you alone",
        ) from None
    return _first_line(text)


def _path(written: str, root: Path) -> Path:
    try:
        return root / Path(written).expanduser()
    except RuntimeError:  # ~NAME of somebody this machine does not know
        return root / written


def _from_command(command: str, root: Path) -> str:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(f"the secret's command cannot be read: {error}", hint="check its quotes") from None
    name = words[0] if words else "the command"
    try:
        # No shell: what stands in config.toml is a program and its arguments.
        done = subprocess.run(  # noqa: S603
            words,
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"the secret's command `{name}` took longer than {COMMAND_TIMEOUT_SECONDS} s",
            hint="it must not wait for input",
        ) from None
    except OSError as error:
        raise InputError(
            f"the secret's command `{name}` cannot be started: {error.strerror}",
            hint="give the program's whole path",
        ) from None
    if done.returncode:
        raise InputError(
            f"the secret's command `{name}` failed (exit {done.returncode})", hint="try it in a terminal"
        )
    return _first_line(done.stdout.decode("utf-8", "replace"))


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0].rstrip("\r")


def _shown(kind: str, rest: str) -> str:
    return rest.split(" ", 1)[0] if kind == "cmd" else rest
