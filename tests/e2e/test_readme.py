"""The ten minutes of the README, typed line by line with a mailbox of one's own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import pytest

from sequencer.clock import SystemClock
from sequencer.demo.mail_host import MailHost, RecipientPolicy
from sequencer.demo.receipt import Receipt
from tests.e2e.stage import parsed
from tests.structure.sources import ROOT

ME, SECOND = "li.wei@firm.example", "li.second@elsewhere.example"
LIST = f"email,first_name,company,country\n{SECOND},Ana,Luso,Portugal\n"


def blocks() -> list[list[str]]:
    """What the section tells one to type, block by block, without the remarks."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.search(r"^## Ten minutes.*?(?=^## )", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    found = re.findall(r"^```sh\n(.*?)^```", section[0], re.MULTILINE | re.DOTALL)
    return [[line.partition("  #")[0].rstrip() for line in block.splitlines()] for block in found]


@pytest.fixture
def host() -> Iterator[MailHost]:
    with ExitStack() as stack:
        yield stack.enter_context(MailHost(SystemClock(), {ME: "secret"}, {SECOND: RecipientPolicy.TAKES}))


def with_own_mailbox(text: str, host: MailHost) -> str:
    """What the README tells one to write into config.toml; and hours that are always open, for a test."""
    text = text.replace('["*@ourfirm.example"]', f'["{SECOND}"]').replace("li.wei@ourfirm.example", ME)
    text = text.replace('hours = ["09:00-12:00", "13:30-17:00"]', 'hours = ["00:00-24:00"]')
    text = text.replace('# days = "work week" ', 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] #')
    text = text.replace('# holidays = "buyer" ', 'holidays = "none" #')
    text = text.replace("port = 2525", f"port = {host.smtp_port}")
    text = text.replace("port = 2143", f"port = {host.imap_port}")
    return text.replace("# username =", "username =").replace("# password =", "password =")


def typed(line: str, folder: Path) -> str:
    """Run a line of the README; `run` ends after one round, and questions are answered with yes."""
    line = line.replace("sequencer run", "sequencer run --once")
    words = [sys.executable, "-m", *line.split()]
    ended = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LI_MAIL": "secret"},
        input="y\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def test_ten_minutes_lead_from_an_empty_folder_to_an_answer_that_ends_the_sequence(
    tmp_path: Path, host: MailHost
) -> None:
    (begin, *look_around), rehearse, look = blocks()
    make, _, enter = begin.partition(" && cd ")
    typed(make, tmp_path)
    folder = tmp_path / enter
    config = folder / "config.toml"
    config.write_text(with_own_mailbox(config.read_text("utf-8"), host), "utf-8")
    (folder / "me.csv").write_text(LIST, "utf-8")
    for line in (*look_around, *rehearse):
        typed(line, folder)
    (first,) = host.receipts
    assert first.recipient == SECOND
    host.hand_in(SECOND, ME, answer_to(first))
    typed("sequencer run", folder)
    shown = {line: typed(line, folder) for line in look}
    assert "finished (replied)" in shown["sequencer inbox list"]
    assert len(host.receipts) == 1


def answer_to(receipt: Receipt) -> bytes:
    """A person's answer in the thread, as their program writes it."""
    ours = parsed(receipt.raw)
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = SECOND, ME, f"Re: {ours['Subject']}"
    answer["Message-ID"], answer["In-Reply-To"] = "<1@elsewhere.example>", ours["Message-ID"]
    answer.set_content("Thank you, please send me the price of the pruners.")
    return answer.as_bytes()
