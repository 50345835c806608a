"""The page on domains names what the program knows of providers and limits."""

from sequencer.core.bulk_rules import BULK_RULES, SOURCES
from sequencer.core.domain_mail import MailCheck
from sequencer.core.sending_records import SENDING_RECORDS
from tests.structure.sources import ROOT

PAGE = (ROOT / "docs" / "domains.md").read_text("utf-8")


def test_every_provider_stands_on_the_page_with_what_to_include() -> None:
    missing = [one.name for one in SENDING_RECORDS if f"`{one.includes[0]}`" not in PAGE]
    assert missing == []


def test_every_verdict_on_a_contacts_domain_is_explained() -> None:
    assert [check for check in MailCheck if f"| `{check}` |" not in PAGE] == []


def test_the_days_and_askers_of_the_bulk_rules_stand_on_the_page() -> None:
    assert {rule.since for rule in BULK_RULES if rule.since not in PAGE} == set()
    assert [name for name in SOURCES if name not in PAGE] == []
