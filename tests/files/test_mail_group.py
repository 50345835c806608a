"""The mail group and the BD mails, read in both languages and in every market they know."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.config import Config
from sequencer.core.classify.opt_out_words import REQUESTS, WHOLE_MESSAGES
from sequencer.core.contact import Contact
from sequencer.core.render import Draft, render_step
from sequencer.core.sequence import SequenceVersion
from sequencer.files.version import load_version
from sequencer.flows.invented_buyer import invented_buyer
from sequencer.testing import a_contact
from tests.files.workspaces import a_fresh_workspace, config_of

NAMES = ("bd", "mail-group")
LANGUAGES = ("en", "es")
MARKETS = ("", "DE", "SE", "AE", "US", "MX", "CL", "ES", "JP")
ACRONYMS = {"BSCI", "CE", "FOB", "GS", "ISO", "OEM", "PDF"}
FARMS = {"en": "more to farms than to gardens", "es": "más para el campo que para el jardín"}
UNKNOWN = {"en": "I do not know your market", "es": "No conozco su mercado"}
FILTERED = re.compile(
    r"\b(?:free|gratis|guarantee\w*|garant\w+|limited|urgent\w*|act now|click here|haga clic|discount|"
    r"descuento|best price|mejor precio|following up|hope this|dear sir)\b|100 ?%|[!¡]",
    re.IGNORECASE,
)


class Desk:
    """A fresh workspace, and one of its sequences."""

    def __init__(self, root: Path, name: str) -> None:
        workspace = a_fresh_workspace(root)
        self.config: Config = config_of(workspace)
        self.version: SequenceVersion = load_version(workspace, name, self.config)

    def buyer(self, language: str, market: str = "PT") -> Contact:
        return replace(invented_buyer(self.version, language), country=market)

    def mail(self, step_id: str, buyer: Contact) -> Draft:
        sequence = self.version.sequence
        step = sequence.steps[sequence.index_of(step_id)]
        return render_step(
            self.version, step, buyer, self.config.reps[0], self.config.sender, arm=step.arms[0]
        )

    def mails(self, buyer: Contact) -> list[tuple[str, Draft]]:
        return [(step.id, self.mail(step.id, buyer)) for step in self.version.sequence.steps]


def own_text(draft: Draft) -> str:
    """What the mail says between the greeting and the footer."""
    body = re.split(r"\n(?:Best regards|Saludos cordiales),", draft.text)
    assert len(body) == 2, "no footer, or two"
    return body[0].partition("\n")[2]


@pytest.fixture(params=NAMES)
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return Desk(tmp_path, request.param)


@pytest.fixture
def group(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "mail-group")


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_is_short_asks_one_question_and_shouts_nothing(
    desk: Desk, language: str, market: str
) -> None:
    for number, (step, draft) in enumerate(desk.mails(desk.buyer(language, market))):
        body = own_text(draft)
        assert len(body.split()) <= (130 if number else 120), step
        assert body.count("?") == 1, step
        assert len(re.findall(r"(?:https?://|www\.)\S+", draft.text)) <= 1, step
        words = re.findall(r"[^\W\d_]{2,}", f"{body} {draft.subject or ''}")
        assert {word for word in words if word.isupper()} <= ACRONYMS, step
        assert FILTERED.search(f"{body} {draft.subject or ''} {draft.html}".replace("<!", "")) is None, step


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_mails_of_a_sequence_share_a_sentence(desk: Desk, language: str, market: str) -> None:
    seen: dict[str, str] = {}
    for step, draft in desk.mails(desk.buyer(language, market)):
        for sentence in re.split(r"(?<=[.?:;])\s+|\n+", own_text(draft)):
            assert len(sentence) < 12 or seen.setdefault(sentence, step) == step, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_has_a_preheader_that_does_not_repeat_the_subject(desk: Desk, language: str) -> None:
    seen: set[str] = set()
    for name, template in desk.version.templates.items():
        if not name.startswith("_") and name.endswith(".es") == (language == "es"):
            assert template.preheader, name
            assert template.preheader != template.subject, name
            assert template.preheader not in seen, name
            seen.add(template.preheader)
    assert len(seen) == len(desk.version.sequence.steps)


def test_every_mail_stands_in_both_languages(desk: Desk) -> None:
    for step in desk.version.sequence.steps:
        assert {step.template, f"{step.template}.es"} <= set(desk.version.templates)


@pytest.mark.parametrize("language", ["es", "es-MX", "ES"])
def test_spanish_buyers_are_greeted_addressed_and_let_go_in_spanish(desk: Desk, language: str) -> None:
    bare = a_contact(**dict.fromkeys(("name", "first_name", "last_name", "company", "phone"), ""))
    for contact, greeting in ((desk.buyer(language), "Hola, Ana:\n"), (bare, "Buenos días:\n")):
        for step, draft in desk.mails(replace(contact, language=language)):
            assert draft.text.startswith(greeting), step
            assert 'responda "baja"' in draft.text, step
            assert desk.config.sender.postal_address in draft.text, step
            assert desk.config.reps[0].full_name in draft.text, step
            assert not re.search(r"\b(?:tú|tu|tus|te)\b", own_text(draft)), step
            assert '<html lang="es"' in draft.html, step


def test_an_answer_in_the_footers_word_is_an_opt_out(desk: Desk) -> None:
    for language in LANGUAGES:
        for step, draft in desk.mails(desk.buyer(language)):
            word = re.findall(r'"(\w+)"', draft.text)[-1]
            assert WHOLE_MESSAGES.fullmatch(word), step
            # A buyer whose program quotes without marks must not opt out by answering.
            assert REQUESTS.search(draft.text) is None, step


@pytest.mark.parametrize(
    ("language", "market", "words"),
    [
        ("en", "DE", "importers in Germany order"),
        ("en", "SE", "importers in central and northern Europe order"),
        ("en", "AE", "Our customers in the Gulf"),
        ("en", "US", "our customers in North America"),
        ("es", "ES", "nuestros clientes en España"),
        ("es", "US", "nuestros clientes en Norteamérica"),
        *((language, market, FARMS[language]) for language in LANGUAGES for market in ("MX", "CL")),
        *((language, market, UNKNOWN[language]) for language in LANGUAGES for market in ("", "JP")),
    ],
)
def test_what_sells_is_told_of_the_buyers_own_market_and_unknown_ones_are_called_so(
    group: Desk, language: str, market: str, words: str
) -> None:
    assert words in group.mail("hot-products", group.buyer(language, market)).text.replace("\n", " ")


def test_the_group_takes_26_business_days_and_names_at_most_one_file_a_mail(group: Desk) -> None:
    steps = group.version.sequence.steps
    assert {step.wait.unit for step in steps[1:]} == {"bd"}
    assert sum(step.wait.amount for step in steps) == 26
    assert {step.id: len(step.attach) for step in steps if len(step.attach) != 1} == {
        "intro": 0,
        "hot-products": 0,
        "customers": 0,
        "factory": 2,
    }


def test_bd_mails_are_one_to_three_lines_with_one_file_each(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "bd")
    assert [len(step.attach) for step in desk.version.sequence.steps] == [1, 1, 1, 1]
    for language in LANGUAGES:
        for step, draft in desk.mails(desk.buyer(language)):
            sentences = re.findall(r"[.?](?:\s|$)", own_text(draft))
            assert len(sentences) <= 3, step
    subjects = [draft.subject for _, draft in desk.mails(desk.buyer("en"))]
    assert subjects == ["Two sample pruners for Luso Jardim Lda", None, None, None]
