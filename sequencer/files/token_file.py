"""A mailbox's sign-in in tokens/NAME.json: whole or not at all, its owner's alone, one writer at a time."""

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sequencer.core.sign_in import App, Grant, Tokens
from sequencer.errors import SequencerError, TryAgain

_LOCK_SECONDS = 60.0
"""Longer than the issuer may take to answer whoever holds the lock."""
_UNSAFE = re.compile(r"[^\w.@+-]")


class TokenFile:
    """The sign-in of one mailbox; `folder` is the workspace's tokens/."""

    def __init__(self, folder: Path, mailbox: str) -> None:
        self._folder = folder
        self.path = folder / f"{_file_name(mailbox)}.json"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile, so that no rotation is lost.

        Raises TryAgain when somebody else does for a minute, SequencerError where no file can be made.
        """
        # A lock of its own for each use: one shared by threads would let them in together.
        lock = FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS, mode=0o600)
        try:
            self._make_folder()
            lock.acquire()
        except Timeout:
            raise TryAgain("another process is busy with this sign-in", where=str(self.path)) from None
        except (OSError, NotImplementedError) as error:
            raise self._cannot("be locked", error) from None
        try:
            yield
        finally:
            lock.release()

    def read(self) -> Grant | None:
        """What was kept last; None when nothing was. SequencerError for a file that can't be used."""
        try:
            return _grant(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._cannot("be read", error) from None
        except (ValueError, KeyError, TypeError):
            hint = "sign in again with `sequencer mailboxes login NAME`"
            raise SequencerError("the kept sign-in is damaged", where=str(self.path), hint=hint) from None

    def write(self, grant: Grant) -> None:
        """Keep `grant` in place of what was kept; on disk when this returns. SequencerError if it cannot."""
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self._folder)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(_document(grant), file)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._sync_folder()
        except OSError as error:
            raise self._cannot("be written", error) from None

    def remove(self) -> bool:
        """Forget the sign-in; False when there was none."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._cannot("be removed", error) from None
        return True

    def _make_folder(self) -> None:
        """With a .gitignore of its own: in workspaces made before there were sign-ins none names it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignoring = self._folder / ".gitignore"
        if not ignoring.exists():
            ignoring.write_text("*\n", "utf-8")

    def _sync_folder(self) -> None:
        if os.name != "posix":
            return
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _cannot(self, what: str, error: Exception) -> SequencerError:
        reason = getattr(error, "strerror", None) or type(error).__name__
        hint = "make the workspace's tokens folder writable for you, and see that the disk has room"
        return SequencerError(f"the kept sign-in can't {what}: {reason}", where=str(self.path), hint=hint)


def _file_name(mailbox: str) -> str:
    """The mailbox's name with what no file name may hold spelt out: `li/2` → `li%2F2`."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), mailbox)


def _document(grant: Grant) -> dict[str, str]:
    return {
        "issuer": grant.app.issuer,
        "client_id": grant.app.client_id,
        "account": grant.app.account,
        "refresh_token": grant.tokens.refresh_token,
        "access_token": grant.tokens.access_token,
        "expires_at": grant.tokens.expires_at.astimezone(UTC).isoformat(),
    }


def _grant(document: Any) -> Grant:
    """Raises ValueError, KeyError or TypeError for a document that is no sign-in."""
    words = {key: str(document[key]) for key in ("issuer", "client_id", "account")}
    expires_at = datetime.fromisoformat(document["expires_at"])
    if expires_at.tzinfo is None or not document["refresh_token"]:
        raise ValueError("no zone, or no refresh token")
    tokens = Tokens(
        access_token=str(document["access_token"]),
        refresh_token=str(document["refresh_token"]),
        expires_at=expires_at,
    )
    return Grant(app=App(**words), tokens=tokens)
