"""`sequencer sequences preview --contact`: a contact of the workspace's own database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sequencer.flows.init import init
from sequencer.store.contacts import insert_contacts
from sequencer.store.engine import Store
from sequencer.testing import a_contact
from tests.cli.command import CommandLine


def test_a_preview_for_a_contact_uses_what_is_known_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = init(tmp_path / "w")
    run = CommandLine(workspace.root, capsys)
    store = Store(workspace.database)
    with store.write() as tx:
        insert_contacts(tx, [a_contact(company="Pá & Filhos")], datetime(2026, 3, 2, tzinfo=UTC))
    store.close()
    ran = run("sequences", "preview", "bd", "--contact", "Ana.Silva@lusotools.example")
    assert ran.exit_code == 0
    assert ran.out.startswith("To: ana.silva@lusotools.example\n")
    assert "Subject: Two sample pruners for Pá & Filhos" in ran.out
    assert run("sequences", "preview", "bd", "--contact", "nobody@x.example").exit_code == 2
