"""What the lint rules make of texts: words, sentences, places, repetitions, and the small print."""

import pytest

from sequencer.core.lint import RULES, Mail
from sequencer.core.lint.own_part import own_part
from sequencer.core.lint.place import source_lines, step_line
from sequencer.core.lint.words import count_words, sentences, width
from sequencer.core.sequence import Template
from tests.core.lint_mails import ADDRESS, BODY, FOOTER, a_mail, minded
from tests.core.versions import a_version


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("don't count twice", 3),
        ("1,200 pieces at 3.50", 4),
        ("我们公司生产园林工具", 6),
        ("ISO 认证", 4 - 1),
        ("see https://a.example/long/path?x=1.", 2),
        ("garden-tools", 2),
        ("", 0),
        ("정원 공구", 2),
        ("สวัสดีครับ", 2),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert count_words(text) == count


def test_sentences_end_at_their_marks_and_at_list_items() -> None:
    text = "Hi Ana,\n\nOne is\nhere. Two is here! 三在这里。四在这里？\n- five\n- six\n\nSeven"
    assert sentences(text) == [
        *("Hi Ana,", "One is here.", "Two is here!", "三在这里。", "四在这里？", "- five", "- six", "Seven")
    ]


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert (width("剪刀 a"), width("é"), width("e\u0301")) == (6, 1, 1)


SAID_BEFORE = (
    "Each pruner cuts a dowel ten times. 每把剪刀都经过十次测试。\n- samples within a week from here\n"
)


def said_earlier(text: str) -> tuple[Mail, ...]:
    body = f"Hi Ana,\n\n{text}"
    template = Template(name="first", subject="Hello", body=body, body_line=3)
    return (a_mail(body, template=template, lines=source_lines(a_version(body), template)),)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("each pruner cuts a dowel TEN times!", [8]),
        ("Each pruner\ncuts a dowel ten times.", [9]),  # where most of its words stand
        ("每把剪刀都经过十次测试。", [8]),
        ("* samples within a week from here", [8]),
        ("Each pruner cuts a dowel twelve times.", []),
        ("Each pruner cuts.", []),
        ("Best regards from the harbour", []),
    ],
)
def test_a_sentence_that_was_said_before_is_minded_with_both_places(said: str, lines: list[int]) -> None:
    earlier = said_earlier(f"{SAID_BEFORE}\nEach pruner cuts.\n\nBest regards from the harbour")
    mail = a_mail(f"{BODY}\n\n{said}", earlier=earlier)
    found = [finding for rule in RULES if rule.name == "same-sentence" for finding in rule.check(mail)]
    assert [finding.where for finding in found] == [f"templates/t.md:{line}" for line in lines]
    assert all("also stands in templates/first.md:" in finding.message for finding in found)


def test_the_same_greeting_twice_is_no_repetition() -> None:
    body = "Hi my very good Ana.\n\nWe wrote of the pruners."
    assert minded(a_mail(body, earlier=said_earlier("x"))) == []
    assert minded(a_mail(body, earlier=(a_mail("Hi my very good Ana.\n\nWe make rakes."),))) == []


@pytest.mark.parametrize(
    ("small_print", "is_enough"),
    [
        ('answer "unsubscribe" and you will not hear from me again', True),
        ("Reply STOP to opt out.", True),
        ("If you would rather not hear from me, say so.", True),
        ("Antworten Sie mit „abmelden“, und Sie hören nichts mehr von mir.", True),
        ("Sie möchten keine weiteren Mails? Ein Wort genügt.", True),
        ("Responda «baja» y no volveré a escribirle.", True),
        ("Si prefiere no recibir más correos, dígamelo.", True),
        ("Répondez « stop » et je ne vous écrirai plus.", True),
        ("Responda “remover” e não voltarei a escrever.", True),
        ("Risponda “cancellami” e non le scriverò più.", True),
        ("Ответьте «стоп», и я больше не буду писать.", True),
        ("如不想再收到我的邮件，请回复“退订”。", True),
        ("ご不要な場合は「配信停止」とご返信ください。", True),
        ("للتوقف عن تلقي الرسائل أجب بكلمة «إلغاء الاشتراك».", True),
        ("Best regards from all of us", False),
        ("Our prices do not stop at the port.", False),
        ("您的需求我们会尽快回复。", False),
    ],
)
def test_a_mail_says_how_to_stop_them(small_print: str, is_enough: bool) -> None:
    found = minded(a_mail(footer=f"\n\n{small_print}\n{ADDRESS}\n"))
    assert found == ([] if is_enough else ["no-opt-out:4"])


@pytest.mark.parametrize(
    ("address", "is_there"),
    [("88 Harbour Road,\nNINGBO", True), ("88  harbour road · Ningbo", True), ("88 Harbour Road", False)],
)
def test_a_mail_gives_the_postal_address(address: str, is_there: bool) -> None:
    footer = FOOTER.replace(ADDRESS, address)
    assert minded(a_mail(footer=footer)) == ([] if is_there else ["no-address:4"])


def test_a_place_is_found_by_its_words_when_a_field_stands_between_them() -> None:
    body = "Hi {{ contact.name }},\n\nFirst.\n{# Which? #}\nDoes {{ contact.company }} sell rakes? Or not?"
    mail = a_mail(body, own="Hi Ana,\n\nFirst.\n\nDoes Luso Jardim sell rakes? Or not?")
    assert minded(mail) == ["many-questions:8"]
    assert mail.at("words that nobody wrote here") == "templates/t.md:4"
    assert mail.at("rakes sold by nobody here") == "templates/t.md:4"


def test_capitals_that_a_field_brought_are_not_the_authors() -> None:
    body = "Hi Ana,\n\nWe wrote to {{ contact.company }} because it sells rakes and shovels to gardeners."
    assert minded(a_mail(body, own=body.replace("{{ contact.company }}", "LUSO JARDIM"))) == []


@pytest.mark.parametrize(
    ("step", "key", "line"),
    [
        ("one", "id", 2),
        ("one", "attach", 4),
        ("two", "attach", 5),
        ("two", "id", 5),
        ("on", "id", 1),
        ("three", "subject", 6),
    ],
)
def test_a_step_is_found_in_its_file(step: str, key: str, line: int) -> None:
    text = (
        "steps:\n  - id: one\n    template: a/b  # id: x\n    attach: [a.pdf]\n"
        "  - {id: two, template: c, attach: [b.pdf]}\n  - id: 'three'\n"
    )
    assert step_line(text, step, key) == line


@pytest.mark.parametrize(
    "text",
    [
        f"Hi Ana,\n\nWe make rakes.{FOOTER}",
        f"Hi Ana,\n\nWe make rakes.\n\nLi Wei\n{ADDRESS}\n",
        f'Hi Ana,\n\nWe make rakes.\n\nAnswer "stop", and I stop.\n{ADDRESS}\n\nLi Wei\n',
    ],
)
def test_the_own_part_ends_above_the_small_print(text: str) -> None:
    assert own_part(text, "Li Wei", ADDRESS) == "Hi Ana,\n\nWe make rakes."
