"""A real SpamAssassin in a temporary folder, local rules only: what a buyer's server might say of a mail."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

SPAMD = shutil.which("spamd") or shutil.which("spamd", path="/usr/sbin:/usr/local/sbin")
"""Many systems keep it off an ordinary user's PATH."""

RULES = Path("/usr/share/spamassassin")
"""As the package ships them: `sa-update` puts newer ones elsewhere, which differ from day to day."""
PLUGINS = Path("/etc/mail/spamassassin")
"""Which plugins are loaded (*.pre); the administrator's own settings (*.cf) there are left alone."""

_START_SECONDS = 60
_CONFIG = """
dns_available no
use_bayes 0
internal_networks 198.51.100.0/24
clear_report_template
report version _VERSION_
report score _SCORE_
report rules _TESTSSCORES(,)_
"""
_STATUS = re.compile(r"SPAMD/\S+ 0 EX_OK\r\n")
_LINE = re.compile(r"^(version|score|rules)[ \t]*(.*(?:\n[ \t]+\S.*)*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What SpamAssassin says of one message."""

    points: float
    rules: Mapping[str, float]
    """Rule → points, those that count nothing included."""

    def __str__(self) -> str:
        told = ", ".join(f"{rule} {points:g}" for rule, points in self.rules.items())
        return f"{self.points:.1f} ({told or 'no rule'})"


class SpamAssassin:
    """A running spamd, as root or as an ordinary user, that looks nothing up and remembers nothing.

    It listens on a socket in its folder: a file has no port that another program could take meanwhile.
    """

    def __init__(self) -> None:
        assert SPAMD, "SpamAssassin is not installed"
        # Not pytest's tmp_path: started by root, spamd reads mail as another user, who must get in here.
        self._folder = Path(tempfile.mkdtemp(prefix="spamd-"))
        self._folder.chmod(0o755)
        self._socket = self._folder / "socket"
        self.version = ""
        """Of the program, such as 4.0.1."""
        try:
            self._write_config()
            self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, by the pid that was started here, and remove its folder."""
        self._process.terminate()
        self._process.wait(_START_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def score(self, raw: bytes) -> Score:
        """Its opinion of a message as the buyer's server would hand it over, Received included."""
        said = self._ask("REPORT", raw)
        rules = [one.strip().split("=") for one in said["rules"].split(",") if "=" in one]
        self.version = said["version"]
        return Score(points=float(said["score"]), rules={rule: float(points) for rule, points in rules})

    def _ask(self, verb: str, raw: bytes) -> dict[str, str]:
        """One request of the SPAMC protocol, a connection each, as the protocol has it."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_START_SECONDS)
            connection.connect(str(self._socket))
            connection.sendall(f"{verb} SPAMC/1.5\r\nContent-length: {len(raw)}\r\n\r\n".encode() + raw)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as answer:
                said = answer.read().decode()
        status = _STATUS.match(said)
        assert status, f"spamd answers {said[:200]!r}"
        found = {key: " ".join(value.split()) for key, value in _LINE.findall(said)}
        assert found.keys() == {"version", "score", "rules"}, f"spamd answers {said[:500]!r}"
        return found

    def _start(self) -> None:
        log = self._folder / "stderr.log"
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self._folder), "LANG": "C"},
            )
        while self._process.poll() is None:
            with contextlib.suppress(FileNotFoundError, ConnectionError):
                self.score(b"Subject: are you there\r\n\r\nyes\r\n")
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
        raise RuntimeError(f"SpamAssassin did not start: {log.read_text(errors='replace')}")

    def _command(self) -> list[str]:
        """Local rules, no users' files, one child; root hands the reading of mail to nobody."""
        site = self._folder / "site"
        user = ["--username=nobody"] if os.geteuid() == 0 else []
        return [
            str(SPAMD),
            "--local",
            "--nouser-config",
            f"--socketpath={self._socket}",
            f"--configpath={RULES}",
            f"--siteconfigpath={site}",
            f"--helper-home-dir={self._folder}",
            "--max-children=1",
            "--syslog=stderr",
            *user,
        ]

    def _write_config(self) -> None:
        site = self._folder / "site"
        site.mkdir()
        for plugins in PLUGINS.glob("*.pre"):
            shutil.copy(plugins, site)
        (site / "local.cf").write_text(_CONFIG, encoding="utf-8")
        site.chmod(0o755)


@pytest.fixture(scope="module")
def spamassassin() -> Iterator[SpamAssassin]:
    """One SpamAssassin for a file of tests; a skip where it is not installed."""
    if SPAMD is None or not RULES.is_dir():
        pytest.skip("SpamAssassin is not installed (apt install spamassassin spamd)")
    with SpamAssassin() as server:
        yield server
