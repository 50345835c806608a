"""Secrets are fetched from where they are kept, and no message repeats one."""

import shlex
import sys
from pathlib import Path

import pytest

from sequencer.config import SecretRef
from sequencer.errors import InputError
from sequencer.files import secret
from sequencer.files.secret import resolve_secret


def python(code: str) -> SecretRef:
    return SecretRef(f"cmd:{shlex.quote(sys.executable)} -c {shlex.quote(code)}")


def test_a_secret_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LI_MAIL", "s3cret")
    assert resolve_secret(SecretRef("env:LI_MAIL"), tmp_path) == "s3cret"


def test_a_secret_comes_from_the_first_line_of_a_file_beside_config(tmp_path: Path) -> None:
    (tmp_path / "li.secret").write_bytes("\ufeffs3cret ü\r\nnot this\n".encode())
    assert resolve_secret(SecretRef("file:li.secret"), tmp_path) == "s3cret ü"
    assert resolve_secret(SecretRef(f"file:{tmp_path / 'li.secret'}"), Path("/")) == "s3cret ü"


def test_a_secret_comes_from_a_command_run_in_the_workspace_without_a_shell(tmp_path: Path) -> None:
    (tmp_path / "li.secret").write_text("s3cret\n")
    assert resolve_secret(python("print(open('li.secret').read()); print('not this')"), tmp_path) == "s3cret"
    assert resolve_secret(SecretRef("cmd:echo a; echo $HOME"), tmp_path) == "a; echo $HOME"


@pytest.mark.parametrize(
    ("reference", "what"),
    [
        ("env:NOT_SET_ANYWHERE", "the environment variable NOT_SET_ANYWHERE is not set"),
        ("file:none.secret", "cannot be read: No such file"),
        ("file:~no-such-person/x", "cannot be read: No such file"),
        ("file:empty.secret", "the secret file:empty.secret is empty"),
        ("cmd:no-such-program-anywhere x", "`no-such-program-anywhere` cannot be started"),
        ("cmd:'unclosed", "cannot be read"),
    ],
)
def test_what_is_missing_is_said_with_its_mend(tmp_path: Path, reference: str, what: str) -> None:
    (tmp_path / "empty.secret").write_text("\n")
    with pytest.raises(InputError) as caught:
        resolve_secret(SecretRef(reference), tmp_path)
    assert what in str(caught.value)
    assert caught.value.hint


def test_a_failing_command_tells_its_exit_code_and_nothing_it_printed(tmp_path: Path) -> None:
    code = "import sys; print('s3cret'); print('s3cret', file=sys.stderr); sys.exit(7)"
    with pytest.raises(InputError) as caught:
        resolve_secret(python(code), tmp_path)
    assert "failed (exit 7)" in str(caught.value)
    assert "s3cret" not in f"{caught.value} {caught.value.hint} {caught.value.__context__}"


def test_a_command_that_waits_forever_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "COMMAND_TIMEOUT_SECONDS", 0.2)
    with pytest.raises(InputError, match="took longer than"):
        resolve_secret(python("import threading; threading.Event().wait()"), tmp_path)
    assert secret.COMMAND_TIMEOUT_SECONDS == 0.2


def test_a_reference_does_not_show_where_the_secret_is_kept() -> None:
    assert repr(SecretRef("cmd:pass show mail/li")) == "SecretRef(cmd:…)"
