"""The whole job with the real daemon and real servers: from `init` to follow-ups that an answer stopped."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.demo.imap_host import ImapHost
from tests.e2e.stage import PASSWORD, Stage, open_stage, parsed, reply_to
from tests.servers.dovecot import DOVECOT, Dovecot

ANA, BEN = "ana@luso.example", "ben@muster.example"

SEQUENCE = """
sequence: spine
window: buyer
steps:
  - id: intro
    template: spine/intro
  - id: catalogue
    wait: 3d
    template: spine/catalogue
  - id: quote
    wait: 4d
    template: spine/quote
"""

TEMPLATES = {
    "intro": "---\nsubject: Wrenches for {{ contact.company }}\n---\n\n"
    "Hello {{ contact.first_name }},\n\nwe make wrenches.\n",
    "catalogue": "Hello {{ contact.first_name }},\n\nour catalogue is ready.\n",
    "quote": "Hello {{ contact.first_name }},\n\nshall I send a quotation?\n",
}

CONTACTS = f"""email,company,country,first_name,name
{ANA},Luso Tools,Portugal,Ana,Ana Silva
{BEN},Muster GmbH,Germany,Ben,Ben Muster
"""


@pytest.fixture(params=["pymap", "dovecot"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        if request.param == "pymap":
            host = stack.enter_context(ImapHost({"wang": PASSWORD}))
        elif DOVECOT is None:
            pytest.skip("Dovecot is not installed (apt install dovecot-imapd)")
        else:
            host = stack.enter_context(Dovecot({"wang": PASSWORD}))
        yield stack.enter_context(open_stage(tmp_path, host))


def recipients(stage: Stage) -> list[str]:
    return sorted(received.recipient for received in stage.smtp.received)


def test_a_mail_group_stops_for_the_buyer_who_answers_and_goes_on_for_the_other(stage: Stage) -> None:
    stage.set_up(SEQUENCE, TEMPLATES)
    (stage.root / "contacts.csv").write_text(CONTACTS, encoding="utf-8-sig")
    stage.command("sequences", "check", "spine", code=3)  # its templates have no footer
    assert "added          2" in stage.command("contacts", "import", str(stage.root / "contacts.csv"))
    stage.command("enroll", "spine", "--all", "--yes")

    daemon = stage.launch()
    stage.wait_settled(2)
    assert recipients(stage) == [ANA, BEN]

    to_ana = next(one for one in stage.smtp.received if one.recipient == ANA)
    stage.imap.deliver("wang", reply_to(parsed(to_ana.raw), "Thank you, please call me next week."))
    stage.move(timedelta(days=3, minutes=1))
    stage.wait_settled(3)
    stage.move(timedelta(days=4, minutes=1))
    stage.wait_settled(4)
    assert recipients(stage) == [ANA, BEN, BEN, BEN]

    daemon.terminate()
    assert daemon.wait(10) == 0
    assert "replied" in stage.command("inbox", "list")
    assert '"finish_reason": "replied"' in stage.command(
        "enrollments", "list", "--state", "finished", "--json"
    )

    follow_up = parsed(stage.smtp.received[2].raw)
    first = next(parsed(one.raw) for one in stage.smtp.received if one.recipient == BEN)
    assert follow_up["In-Reply-To"] == first["Message-ID"]
    assert follow_up["Subject"] == f"Re: {first['Subject']}"
