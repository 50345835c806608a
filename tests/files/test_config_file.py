"""config.toml becomes frozen settings; its faults are tested in tests/bad_configs."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from sequencer.config import OAuth, SecretRef
from sequencer.errors import FaultyInput
from sequencer.files.config_file import read_config
from tests.files.workspaces import CONFIG, write

FULL = """
me = "wang"
default_zone = "Asia/Shanghai"
only_to = ["*@ourfirm.example"]
sender = { company = "Harbour Tools", postal_address = "88 Harbour Road" }
limits.max_inbox_age = "2m"
limits.plan_ahead = "1d"
windows.night.zone = "sender"
windows.night.hours = ["22:00-02:00", "13:00-22:00"]
windows.night.days = ["sun", "mon"]
windows.night.holidays = "none"
windows.day.hours = ["00:00-24:00"]

[[closures]]
name = "Spring Festival"
first = 2027-02-05
last = 2027-02-12

[[reps]]
name = "wang"
full_name = "王小明"
email = "wang@宁波.example"
mailboxes = ["wang", "backup"]

[[mailboxes]]
name = "wang"
address = "wang@ourfirm.example"
plus_addressing = true
ignore_folders = ["Newsletters"]
zone = "Europe/Berlin"
  [mailboxes.smtp]
  host = "smtp.ourfirm.example"
  username = "wang"
  password = "env:WANG"
  ca_file = "ca.pem"
  [mailboxes.imap]
  host = "imap.ourfirm.example"
  security = "starttls"

[[mailboxes]]
name = "backup"
address = "backup@ourfirm.example"
replies_in = "wang"
smtp = { host = "::1", security = "none", port = 2525, timeout = "5s" }

[[retired]]
name = "old"
replies_in = "wang"
"""


def test_every_key_arrives_where_it_belongs(tmp_path: Path) -> None:
    write(tmp_path, "ca.pem", "x")
    config = read_config(write(tmp_path, "config.toml", FULL))
    wang, backup = config.mailboxes
    assert (wang.smtp.port, wang.smtp.security, wang.smtp.password) == (
        587,
        "starttls",
        SecretRef("env:WANG"),
    )
    assert wang.smtp.ca_file == tmp_path / "ca.pem"
    assert wang.imap is not None
    assert (wang.imap.port, wang.imap.security) == (143, "starttls")
    assert (wang.display_name, wang.zone, backup.zone) == ("王小明", "Europe/Berlin", "Asia/Shanghai")
    assert (wang.plus_addressing, wang.ignore_folders) == (True, ("Newsletters",))
    assert (backup.replies_in, backup.reader_name, backup.imap) == ("wang", "wang", None)
    assert (backup.smtp.port, backup.smtp.timeout_in) == (2525, timedelta(seconds=5))
    assert config.limits.max_inbox_age_in == timedelta(minutes=2)
    assert config.limits.plan_ahead_in == timedelta(days=1)
    assert config.limits.poll_every_in == timedelta(seconds=30)
    window = config.window("night")
    assert window is not None
    assert window.hours == ((time(13), time(22)), (time(22), time(2)))
    assert (window.zone, window.days, window.holidays) == ("sender", (1, 7), "none")
    day = config.window("day")
    assert day is not None
    assert (day.zone, day.hours, day.days, day.holidays) == ("buyer", ((time(0), time(0)),), None, "buyer")
    assert config.closures[0].last == date(2027, 2, 12)
    assert config.only_to == ("*@ourfirm.example",)
    assert config.retired[0].replies_in == "wang"
    assert config.reps[0].email == "wang@宁波.example"


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    assert read_config(path).me == "li"


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FaultyInput) as caught:
        read_config(tmp_path / "config.toml")
    assert (
        str(caught.value) == "config.toml: there is no such file (make a workspace with `sequencer init DIR`)"
    )


@pytest.mark.parametrize(
    "secret", ["hunter2", "hunter2:x", "file:", "env: ", "env:https://room.example/hunter2"]
)
def test_a_password_in_the_open_is_refused_and_not_repeated(tmp_path: Path, secret: str) -> None:
    line = f'username = "li"\npassword = "{secret}"\n[mailboxes.imap]'
    path = write(tmp_path, "config.toml", CONFIG.replace("[mailboxes.imap]", line))
    with pytest.raises(FaultyInput) as caught:
        read_config(path)
    shown = str(caught.value) + repr(caught.value.__context__) + str(caught.value.__context__)
    assert "a secret is not written into the file itself" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("a = [1,\n2\nb = 3", 3),
        ('a = "x\nb = 1', 1),
        ("a = 1\n[t\nb = 2", 2),
        ("a = 1\nb", 2),
        ("a = 01", 1),
        ("[a]\nx=1\n[a]\ny=1", 3),
    ],
)
def test_broken_toml_names_the_line(tmp_path: Path, written: str, line: int) -> None:
    with pytest.raises(FaultyInput) as caught:
        read_config(write(tmp_path, "config.toml", written))
    (fault,) = caught.value.faults
    assert fault.where == f"config.toml:{line}"
    assert fault.message.startswith("this is not TOML: ")


def test_somebody_who_only_looks_and_imports_needs_no_mailbox(tmp_path: Path) -> None:
    path = write(tmp_path, "config.toml", CONFIG.replace('mailboxes = ["li"]', "mailboxes = []"))
    lead = read_config(path).reps[0]
    assert lead.mailboxes == ()


def test_a_mailbox_that_signs_in_needs_no_password_and_its_user_is_its_address(tmp_path: Path) -> None:
    text = CONFIG.replace(
        "[mailboxes.imap]",
        """[mailboxes.oauth]
issuer = "https://login.ourfirm.example/mail/"
client_id = "app"
client_secret = "env:APP"
[mailboxes.imap]
username = "shared@ourfirm.example"
""",
    )
    (li,) = read_config(write(tmp_path, "config.toml", text)).mailboxes
    assert li.oauth == OAuth(
        issuer="https://login.ourfirm.example/mail",
        client_id="app",
        client_secret=SecretRef("env:APP"),
        tenant="common",
    )
    assert li.imap is not None
    assert (li.smtp.username, li.smtp.password) == ("li@ourfirm.example", None)
    assert (li.imap.username, li.imap.password) == ("shared@ourfirm.example", None)
