"""The lint rules: which mails each of them minds, and the near misses that it leaves alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.lint import RULES
from sequencer.core.lint.length import MAX_FIRST, MAX_LATER
from sequencer.core.lint.mail import AttachedFile, Buyer, Missing
from sequencer.core.lint.own_part import own_part
from tests.core.lint_mails import BODY, a_mail, minded


def test_every_rule_has_a_word_and_a_reason_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len({rule.why for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.why.endswith(".")
        assert rule.name == rule.name.lower().replace(" ", "-")


def test_no_rule_minds_a_good_mail() -> None:
    assert minded(a_mail()) == []
    assert minded(a_mail(is_first=True, buyer=Buyer.BARE, is_last=True, answers=4)) == []


@pytest.mark.parametrize(
    "greeting",
    [
        *(
            "Dear Sir or Madam,",
            "Dear Sir/Madam,",
            "dear sirs",
            "Dear Sir,",
            "Dear Madam or Sir:",
            "Hello dear sir,",
        ),
        *(
            "To whom it may concern:",
            "Dear friend,",
            "Dear valued customer,",
            "My dear friends!",
            "Dear Buyer,",
        ),
        *("Estimados señores:", "Estimado/a señor/a:", "A quien corresponda:", "Muy señores míos:"),
        *(
            "Sehr geehrte Damen und Herren,",
            "Sehr geehrter Kunde,",
            "Madame, Monsieur,",
            "Mesdames, Messieurs,",
        ),
        *("Egregi Signori,", "Prezados senhores,", "Caros clientes,", "Geachte heer/mevrouw,"),
        *("Уважаемые господа!", "Szanowni Państwo,", "Sayın Yetkili,", "السادة الكرام،"),
        *("尊敬的客户：", "尊敬的先生/女士：", "亲爱的朋友，", "敬启者："),
    ],
)
def test_a_greeting_to_nobody_is_minded(greeting: str) -> None:
    mail = a_mail(BODY.replace("Hi Ana,", greeting))
    assert minded(mail) == ["dear-sir:4"]
    assert minded(replace(mail, buyer=Buyer.BARE)) == []  # nobody's name is known: what else is there to say


@pytest.mark.parametrize(
    "greeting",
    [
        *(
            "Hi there,",
            "Dear Ana,",
            "Dear Mr. Friend,",
            "Dear Sir Paul Silva,",
            "Dear friends of Luso Jardim,",
        ),
        *(
            "Estimada Ana:",
            "Sehr geehrte Frau Silva,",
            "Bonjour Ana,",
            "Madame Silva,",
            "尊敬的王先生：",
            "王女士，您好：",
        ),
        *("Sir Silva of the customer desk,", "Уважаемая Ана!", "Good morning,"),
    ],
)
def test_a_greeting_to_somebody_is_left_alone(greeting: str) -> None:
    assert minded(a_mail(BODY.replace("Hi Ana,", greeting))) == []


@pytest.mark.parametrize(
    "greeting", ["Hi ,", "Dear  ,", "Dear,", "Estimada,", "Hallo ,", "尊敬的，", "您好 ，"]
)
def test_a_greeting_without_its_name_is_minded(greeting: str) -> None:
    assert minded(a_mail(BODY.replace("Hi Ana,", greeting), buyer=Buyer.BARE)) == ["empty-greeting:4"]


@pytest.mark.parametrize(
    "greeting", ["Hi,", "Hi there,", "Bonjour !", "您好，", "Ana,", "Guten Tag,", "Buenos días:"]
)
def test_a_greeting_without_any_name_in_it_is_whole(greeting: str) -> None:
    assert minded(a_mail(BODY.replace("Hi Ana,", greeting))) == []


@pytest.mark.parametrize(
    ("subject", "rules"),
    [
        ("Free samples for Luso Jardim", ["filter-words"]),
        ("Best price for pruners", ["filter-words"]),
        ("URGENT: your order", ["filter-words", "capitals"]),
        ("Satisfaction guaranteed", ["filter-words"]),
        ("Pruners, 100 % steel", ["filter-words"]),
        ("Click here", ["filter-words"]),
        ("Kostenlose Muster", ["filter-words"]),
        ("Échantillons gratuits", ["filter-words"]),
        ("Muestras gratis", ["filter-words"]),
        ("Amostras grátis", ["filter-words"]),
        ("Бесплатные образцы", ["filter-words"]),
        ("Ücretsiz numune", ["filter-words"]),
        ("免费样品", ["filter-words"]),
        ("Lead-free fittings, REACH and BSCI report", []),
        ("Pruners free from rust", []),
        ("Prices free on board Ningbo", []),
        ("Freetown warehouse", []),
        ("Our price list expires in June", []),
        ("Who guards the urgency list", []),
        ("40 % lighter than last year", []),
        ("Two sample pruners for Luso Jardim", []),
        ("Garantie und Ersatzteile", []),
        ("样品寄给您", []),
        ("PRUNERS FOR THE SEASON", ["capitals"]),
        ("我们的 BSCI 和 REACH 报告", []),
        ("x" * 61, ["long-subject"]),
        ("x" * 60, []),
        ("剪" * 31, ["long-subject"]),
        ("剪" * 30, []),
        ("Samples! Now!", ["exclamations"]),
        ("Samples on the way!", []),
    ],
)
def test_subjects(subject: str, rules: list[str]) -> None:
    assert minded(a_mail(subject=subject)) == [f"{rule}:2" for rule in rules]


@pytest.mark.parametrize("width_of", [110, 111])
def test_a_preheader_is_cut_off(width_of: int) -> None:
    expected = ["long-preheader:3"] if width_of > 110 else []
    assert minded(a_mail(preheader="p" * width_of)) == expected


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("Which is it?", []),
        ("Which is it? And when?", ["many-questions"]),
        ("¿Cuál es? ¿Y cuándo?", ["many-questions"]),
        ("您要哪一种？什么时候要？", ["many-questions"]),
        ("كم تحتاج؟ ومتى؟", ["many-questions"]),
        ("Which is it, red, blue or green?", []),
        ('Buyers ask "is it heavy?" and "does it last?" first. Which is your question?', []),
        ("The list is at https://ourfirm.example/list?page=2. Shall I send it?", []),
        ("Which??", []),
        ("We have news! Great news!", ["exclamations"]),
        ("Thank you!!", ["exclamations"]),
        ("谢谢！期待您的回复！", ["exclamations"]),
        ("Thank you!", []),
        ("We are the BEST maker of all.", ["capitals"]),
        ("It is СРОЧНО for us.", ["capitals"]),
        ("BUY IT NOW", ["capitals"]),
        ("FOB, CIF, DDP", []),
        ("Papers: BSCI, SEDEX, REACH, ROHS, ISO 9001 and HTTPS.", []),
        ("ISO 9001, BSCI, FDA", []),
        ("FOB NINGBO HT-2040 and SCM440, HDPE", ["capitals"]),
        ("The HT-2040-PRUNE and the SCM440 in PVDF, chapter XVIII.", []),
        ("The quality office (LFQB) keeps it. Our MOQ is 3 pieces, FOB.", []),
        ("See https://ourfirm.example/SALE/NOW for all of it and more.", []),
        ("See https://a.example/x and https://b.example/y.", ["many-links"]),
        ("See [the list](https://a.example/x), or https://a.example/x.", []),
        ("Write to li@ourfirm.example or call +86 574 5550 0188.", []),
    ],
)
def test_what_is_said(said: str, rules: list[str]) -> None:
    assert minded(a_mail(f"{BODY}\n\n{said}")) == [f"{rule}:8" for rule in rules]


@pytest.mark.parametrize(
    ("count", "is_first", "rules"),
    [
        (MAX_FIRST, True, []),
        (MAX_FIRST + 1, True, ["long-mail:4"]),
        (MAX_LATER, False, []),
        (MAX_LATER + 1, False, ["long-mail:4"]),
    ],
)
def test_a_first_mail_is_shorter_than_the_others(count: int, is_first: bool, rules: list[str]) -> None:
    assert minded(a_mail(" ".join(["word"] * count), is_first=is_first)) == rules


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ((AttachedFile("a.pdf", 1_500_000),), []),
        ((AttachedFile("a.pdf", 1_500_001),), ["heavy-attachments:5"]),
        ((AttachedFile("a.pdf", 800_000), AttachedFile("b.pdf", 800_000)), ["heavy-attachments:5"]),
        ((AttachedFile("a.pdf", 4_000_000),), []),  # over the limit of a message: told by another warning
        ((AttachedFile("a.pdf", None),), []),
        ((AttachedFile("list.ZIP", 10),), ["attachment-type:5"]),
        ((AttachedFile("list.pdf.exe", 10),), ["attachment-type:5"]),
        ((AttachedFile("prices.docm", 10), AttachedFile("a.xlsx", 9)), ["attachment-type:5"]),
        ((AttachedFile("zip.pdf", 10), AttachedFile("exe/a.jpg", 9)), []),
    ],
)
def test_attachments(files: tuple[AttachedFile, ...], rules: list[str]) -> None:
    assert minded(a_mail(attachments=files)) == rules


@pytest.mark.parametrize(
    ("body", "files", "rules"),
    [
        ("Hi Ana,\n\nhttps://ourfirm.example/list", (), ["bare-link:6"]),
        ("Hi Ana,\n\nSee https://ourfirm.example/list", (), ["bare-link:6"]),
        ("Hi Ana,\n\nPlease see.", (AttachedFile("a.jpg", 9),), ["bare-link:6"]),
        ("Hi Ana,\n\nYes, it is in stock.", (), []),
        ("Hi Ana,\n\nThe data sheet of the pruner you held is attached.", (AttachedFile("a.pdf", 9),), []),
    ],
)
def test_a_mail_says_something_beside_its_link_or_file(
    body: str, files: tuple[AttachedFile, ...], rules: list[str]
) -> None:
    assert minded(a_mail(body, attachments=files)) == rules


@pytest.mark.parametrize(("answers", "rules"), [(4, []), (5, ["long-thread:3"]), (6, [])])
def test_a_thread_that_goes_on_is_minded_once(answers: int, rules: list[str]) -> None:
    assert minded(a_mail(answers=answers)) == rules


@pytest.mark.parametrize(("touches", "rules"), [(1, ["few-touches:3"]), (2, ["few-touches:3"]), (3, [])])
def test_a_sequence_that_gives_up_is_minded_at_its_last_mail(touches: int, rules: list[str]) -> None:
    assert minded(a_mail(touches=touches, is_last=True)) == rules
    assert minded(a_mail(touches=touches)) == []


def test_what_a_bare_contact_leaves_empty_is_told_where_it_is_written() -> None:
    missing = (
        Missing("templates/t.md:2", "", "contact.company"),
        Missing("templates/t.md:4", "the subject comes out empty"),
    )
    assert minded(a_mail(missing=missing)) == ["bare-contact:2", "bare-contact:4"]


ANY = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [
            *" \n.!?,:",
            "Dear ",
            "sir",
            "尊敬的",
            "客户",
            "FREE",
            "https://x.example",
            "“",
            '"',
            "- ",
            "{{",
            "%}",
        ]
    ),
    max_size=40,
).map("".join)


@given(body=ANY, subject=ANY | st.none(), preheader=ANY | st.none(), other=ANY)
def test_no_rule_ever_raises(body: str, subject: str | None, preheader: str | None, other: str) -> None:
    earlier = (a_mail(other),)
    files = (AttachedFile(other, 3_000_000),)
    mail = a_mail(
        body, subject=subject, preheader=preheader, earlier=earlier, attachments=files, is_first=True
    )
    for rule in RULES:
        for finding in rule.check(mail):
            assert finding.message
            assert finding.where
            assert finding.hint
    own_part(body, "Li Wei", other)
