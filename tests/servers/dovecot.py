"""A real Dovecot in a temporary folder: what the in-process host and the fakes are held against."""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Self

import pytest
from imapclient import IMAPClient
from trustme import CA

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
"""Many systems keep it off an ordinary user's PATH."""

_START_SECONDS = 20
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
login_greeting = {name}
disable_plaintext_auth = no
auth_mechanisms = plain login{xoauth2}
auth_failure_delay = 0
mail_location = {storage}:{folder}/mail/%u
mailbox_list_index = no
default_vsz_limit = 0
{ssl}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users/%u
}}
{oauth2}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox "已处理" {{
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
{no_chroot}
}}
service anvil {{
{no_chroot}
}}
service stats {{
{no_chroot}
}}
service auth {{
  unix_listener auth-userdb {{
    mode = 0666
  }}
}}
{users}
"""


class Dovecot:
    """A running Dovecot with the given users, as root or as an ordinary user, on ports of its own.

    `port` speaks plain IMAP and, if made with a `ca`, STARTTLS; `tls_port` then speaks TLS from the start.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        ca: CA | None = None,
        introspect: str = "",
        storage: str = "maildir",
    ) -> None:
        """`introspect`: where a token of XOAUTH2 is asked about; without it there is no such login.

        `storage`: maildir, sdbox or mdbox.
        """
        assert DOVECOT, "Dovecot is not installed"
        self.host = "127.0.0.1"
        self._users = dict(users)
        self._introspect = introspect
        self._storage = storage
        self._clients: dict[str, IMAPClient] = {}
        self._one_at_a_time = threading.Lock()
        # Not pytest's tmp_path: started by root, Dovecot reads mail as another user, who must get in here.
        self._folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self._folder.chmod(0o755)
        self._write_folders()
        while True:
            self.port, self.tls_port = _free_port(), _free_port() if ca else 0
            self._write_config(ca)
            if self._starts():
                return

    def _starts(self) -> bool:
        """Start it and wait for its first greeting; False when another program took the port meanwhile."""
        log = self._folder / "stderr.log"
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                [str(DOVECOT), "-F", "-c", str(self._folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        while self._process.poll() is None:
            with (
                contextlib.suppress(ConnectionError),
                socket.create_connection((self.host, self.port), _START_SECONDS) as probe,
                probe.makefile("rb") as lines,
            ):
                if self._folder.name.encode() in lines.readline():
                    return True
        said = log.read_text() + (self._folder / "dovecot.log").read_text()
        if "in use" not in said:
            shutil.rmtree(self._folder)
            raise RuntimeError(f"Dovecot did not start: {said}")
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, by the pid that was started here, and remove its folder."""
        for client in self._clients.values():
            client.shutdown()
        self._process.terminate()
        self._process.wait(_START_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def add_user(self, name: str, password: str) -> None:
        """A user who may log in from now on; each has a file, since Dovecot remembers a file for a second."""
        self._users[name] = password
        _write(self._folder / "users" / name, f"{name}:{{PLAIN}}{password}\n")

    def append(
        self, user: str, folder: str, raw: bytes, received_at: datetime | None = None, flags: str = ""
    ) -> int:
        """Put a message into a folder with that INTERNALDATE; returns its UID."""
        with self._client(user) as client:
            answer: bytes = client.append(folder, raw, flags.split(), received_at)
            return int(answer.split(b"]")[0].split()[-1])

    def deliver(self, user: str, raw: bytes) -> None:
        """Put a message into the user's INBOX: what an SMTP server does after DATA."""
        self.append(user, "INBOX", raw)

    def add_folder(self, user: str, folder: str) -> None:
        with self._client(user) as client:
            client.create_folder(folder)

    def messages(self, user: str, folder: str) -> list[bytes]:
        """The messages of a folder in UID order."""
        with self._client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def flags(self, user: str, folder: str) -> dict[int, frozenset[str]]:
        """The flags of each message by UID, without the session's own \\Recent."""
        with self._client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.get_flags(client.search())
            return {uid: frozenset(map(bytes.decode, flags)) - {"\\Recent"} for uid, flags in found.items()}

    def delete(self, user: str, folder: str, uid: int) -> None:
        """Expunge a message."""
        with self._client(user) as client:
            client.select_folder(folder)
            client.delete_messages([uid])
            client.expunge()

    def renumber(self, user: str, folder: str) -> None:
        """A new UIDVALIDITY: a folder (not INBOX) made anew under the old name, holding the same mail."""
        with self._client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]", "INTERNALDATE"])
            client.unselect_folder()
            client.rename_folder(folder, f"old {folder}")
            client.create_folder(folder)
            for uid in sorted(found):
                client.append(folder, found[uid][b"BODY[]"], (), found[uid][b"INTERNALDATE"])
            client.delete_folder(f"old {folder}")

    @contextlib.contextmanager
    def _client(self, user: str) -> Iterator[IMAPClient]:
        """A kept connection of the user's own, for one thread at a time."""
        with self._one_at_a_time:
            client = self._clients.get(user)
            if client is None:
                client = IMAPClient(self.host, self.port, ssl=False, timeout=_START_SECONDS)
                client.normalise_times = False
                client.login(user, self._users[user])
                self._clients[user] = client
            yield client
            if client._imap.state == "SELECTED":
                client.unselect_folder()

    def _write_folders(self) -> None:
        (self._folder / "mail").mkdir()
        (self._folder / "users").mkdir()
        if os.geteuid() == 0:
            shutil.chown(self._folder / "mail", "mail", "mail")
        for name, password in self._users.items():
            self.add_user(name, password)

    def _write_config(self, ca: CA | None) -> None:
        is_root = os.geteuid() == 0
        settings = _CONFIG.format(
            folder=self._folder,
            name=self._folder.name,
            storage=self._storage,
            port=self.port,
            tls_port=self.tls_port,
            uid="mail" if is_root else os.getuid(),
            gid="mail" if is_root else os.getgid(),
            xoauth2=" xoauth2" if self._introspect else "",
            oauth2=self._oauth2() if self._introspect else "",
            ssl=self._certificate(ca) if ca else "ssl = no",
            no_chroot="" if is_root else "  chroot =",
            users="first_valid_uid = 1" if is_root else _unprivileged(),
        )
        _write(self._folder / "dovecot.conf", settings)

    def _oauth2(self) -> str:
        _write(
            self._folder / "oauth2.conf",
            f"introspection_mode = post\nintrospection_url = {self._introspect}\n"
            "username_attribute = email\nactive_attribute = active\nactive_value = true\n",
        )
        args = f"args = {self._folder}/oauth2.conf"
        return f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  {args}\n}}"

    def _certificate(self, ca: CA) -> str:
        issued = ca.issue_cert("localhost", "127.0.0.1")
        chain = b"".join(pem.bytes() for pem in issued.cert_chain_pems).decode()
        _write(self._folder / "tls.crt", chain)
        _write(self._folder / "tls.key", issued.private_key_pem.bytes().decode())
        return f"ssl = yes\nssl_cert = <{self._folder}/tls.crt\nssl_key = <{self._folder}/tls.key"


def _unprivileged() -> str:
    user = pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(os.getgid()).gr_name
    return f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}"


def _free_port() -> int:
    """A port that was free a moment ago; Dovecot cannot say which one it took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def trusting(ca: CA) -> ssl.SSLContext:
    """A client's context that trusts `ca` alone."""
    context = ssl.create_default_context()
    ca.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for a file of tests, which add users of their own; a skip where it is not installed."""
    if DOVECOT is None:
        pytest.skip("Dovecot is not installed (apt install dovecot-imapd)")
    with Dovecot({}) as server:
        yield server
