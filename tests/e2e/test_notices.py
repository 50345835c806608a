"""The daemon tells: a buyer's answer reaches the chat room and the rep while everything else goes on."""

import sqlite3
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest

from tests.e2e.desks import ANA, Desks
from tests.e2e.stage import parsed, reply_to
from tests.servers.webhook import STALL, WebhookServer

REP = "wang@firm.example"
SECRET = "SEC-of-the-room"
WITHIN_SECONDS = 60
STOP_SECONDS = 10

HOOK = """
[[webhooks]]
name = "sales-room"
kind = "{kind}"
url = "file:room-url"
secret = "file:room-secret"
"""


@pytest.fixture
def room() -> Iterator[WebhookServer]:
    with WebhookServer("feishu", secret=SECRET) as room:
        yield room


def configure(desks: Desks, room: WebhookServer, *, mail: bool = True) -> None:
    desks.configure(more=HOOK.format(kind=room.kind))
    workspace = desks.stage.workspace
    (workspace / "room-url").write_text(room.url)
    (workspace / "room-secret").write_text(SECRET)
    config = (workspace / "config.toml").read_text("utf-8")
    switched = config.replace("mail = false", f"mail = {str(mail).lower()}\nquiet_hours = []")
    (workspace / "config.toml").write_text(switched, "utf-8")


def answer_of_ana(desks: Desks) -> None:
    name = desks.mailbox_of(ANA)
    [sent] = [one for one in desks.smtp[name].received if one.recipient == ANA]
    desks.imap[name].deliver(name, reply_to(parsed(sent.raw), "What does the torque set cost?"))


def mails_to_the_rep(desks: Desks) -> list[str]:
    received = [one for server in desks.smtp.values() for one in server.received if one.recipient == REP]
    return [str(message_from_bytes(one.raw, policy=default)["Subject"]) for one in received]


def test_an_answer_reaches_room_and_rep_within_a_minute(desks: Desks, room: WebhookServer) -> None:
    configure(desks, room)
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    answer_of_ana(desks)
    [posted] = room.wait_accepted(1, WITHIN_SECONDS)
    assert "Luso Tools" in posted.text
    assert "torque set" not in posted.text
    desks.wait(lambda: len(mails_to_the_rep(desks)) == 1)
    [subject] = mails_to_the_rep(desks)
    assert "(Luso Tools) answered: Re: " in subject
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0
    assert room.heard == 1
    for hidden in ("very-secret-token", SECRET, "torque set", room.url):
        assert hidden not in desks.log
    assert "told: hook:sales-room: reply" in desks.log
    listed = desks.stage.command("notices", "list")
    assert "hook:sales-room" in listed
    assert "mail:wang" in listed


def test_a_room_that_says_nothing_delays_neither_sending_nor_the_end(
    desks: Desks, room: WebhookServer
) -> None:
    configure(desks, room, mail=False)
    room.fail(STALL)
    daemon = desks.run()
    desks.wait_states("sent", "sent")
    answer_of_ana(desks)
    room.wait_heard(1)
    people = desks.stage.root / "more.csv"
    people.write_text("email,company,first_name\ncarla@muster.example,Muster GmbH,Carla\n")
    desks.stage.command("contacts", "import", str(people))
    desks.stage.command("enroll", "spine", "--contact", "carla@muster.example", "--yes")
    desks.wait_states("sent", "sent", "sent")
    daemon.terminate()
    assert daemon.wait(STOP_SECONDS) == 0
    assert desks.log.splitlines()[-1].endswith("info stopped")


def test_a_room_that_fails_hears_of_it_later_and_status_says_so(desks: Desks, room: WebhookServer) -> None:
    configure(desks, room, mail=False)
    room.fail("500")
    desks.run("--once").wait(60)
    answer_of_ana(desks)
    desks.run("--once").wait(60)
    assert room.heard == 1
    assert "notices      1 not delivered yet: feishu answered 500" in desks.stage.command("status")
    assert "feishu answered 500" in desks.stage.command("notices", "list", "--failed")
    desks.change("UPDATE notices SET due_at = '2026-01-01 00:00:00.000000'")
    desks.run("--once").wait(60)
    room.wait_accepted(1)
    assert "not delivered" not in desks.stage.command("status")


def test_a_sample_tries_the_room_and_says_what_is_wrong(desks: Desks, room: WebhookServer) -> None:
    configure(desks, room)
    assert "a sample was taken" in desks.stage.command("notices", "test", "sales-room")
    assert "A test" in room.accepted[0].text
    assert "a sample was taken" in desks.stage.command("notices", "test", "--mail")
    assert mails_to_the_rep(desks) == ["A test: this is where you hear of answers"]
    (desks.stage.workspace / "room-secret").write_text("another")
    failed = desks.try_out("notices", "test", "sales-room")
    assert failed.returncode == 1
    assert "the signature does not fit: check `secret`" in failed.stderr
    assert desks.try_out("notices", "test", "sales-rom").returncode == 2
    with sqlite3.connect(desks.database) as connection:
        assert connection.execute("SELECT count(*) FROM notices").fetchone() == (0,)
