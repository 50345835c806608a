"""What the sender wrote, below and between everything that mail programs quote."""

import pytest

from sequencer.core.html_text import SEPARATOR, text_of_html
from sequencer.core.own_text import own_text

OURS = 'Dear buyer,\nplease answer "unsubscribe" if you do not want this.'
QUOTED = "".join(f"> {line}\n" for line in OURS.split("\n"))

INTRODUCTIONS = [
    "On Mon, Oct 12, 2026 at 10:00 AM Lin <lin@firm.example> wrote:",
    "On Mon, Oct 12, 2026 at 10:00 AM Lin Zhao with a long name\n<lin@firm.example> wrote:",
    "Am Mo., 12. Okt. 2026 um 10:00 Uhr schrieb Lin <lin@firm.example>:",
    "Am 12.10.26 um 10:00 schrieb Lin Zhao:",
    "Le lun. 12 oct. 2026 à 10:00, Lin <lin@firm.example> a écrit :",
    "El lun, 12 oct 2026 a las 10:00, Lin (<lin@firm.example>) escribió:",
    "Il giorno lun 12 ott 2026 alle ore 10:00 Lin <lin@firm.example> ha scritto:",
    "Em seg., 12 de out. de 2026 às 10:00, Lin <lin@firm.example> escreveu:",
    "Op ma 12 okt 2026 om 10:00 schreef Lin <lin@firm.example>:",
    "Den mån 12 okt. 2026 kl 10:00 skrev Lin <lin@firm.example>:",
    "Den man. 12. okt. 2026 kl. 10.00 skrev Lin <lin@firm.example>:",
    "ma 12. lokak. 2026 klo 10.00 Lin (lin@firm.example) kirjoitti:",
    "pon., 12 paź 2026 o 10:00 Lin <lin@firm.example> napisał(a):",
    "po 12. 10. 2026 v 10:00 odesílatel Lin <lin@firm.example> napsal:",
    "пн, 12 окт. 2026 г. в 10:00, Lin <lin@firm.example>:",
    "12.10.2026, 10:00, Lin <lin@firm.example> пишет:",
    "Lin <lin@firm.example>, 12 Eki 2026 Pzt, 10:00 tarihinde şunu yazdı:",
    "Στις Δευ 12 Οκτ 2026 στις 10:00, ο χρήστης Lin <lin@firm.example> έγραψε:",
    "Lin <lin@firm.example> 于2026年10月12日周一 10:00写道：",
    "在 2026-10-12 10:00:00，Lin 写道：",
    "2026年10月12日(月) 10:00 Lin <lin@firm.example>:",
    "2026년 10월 12일 (월) 오전 10:00, Lin <lin@firm.example>님이 작성:",
    "في الاثنين، 12 أكتوبر 2026 10:00 ص Lin <lin@firm.example> كتب:",
    "Vào Th 2, 12 thg 10, 2026 lúc 10:00 Lin <lin@firm.example> đã viết:",
    "Pada Sen, 12 Okt 2026 10:00 Lin <lin@firm.example> menulis:",
]
BLOCKS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "---------- Forwarded message ---------",
    "------------------ 原始邮件 ------------------",
    "---- 回复的原邮件 ----",
    "Begin forwarded message:",
    "From: Lin\nSent: Monday, October 12, 2026 10:00\nTo: Buyer\nSubject: Bearings",
    "________________________________\nFrom: Lin\nSent: Monday\nTo: Buyer\nSubject: Bearings",
    "*From:* Lin\n*Date:* Monday\n*To:* Buyer\n*Subject:* Bearings",
    "Von: Lin\nGesendet: Montag\nAn: Kunde\nBetreff: Lager",
    "De : Lin\nEnvoyé : lundi\nÀ : Client\nObjet : Roulements",
    "De: Lin\nEnviado: lunes\nPara: Cliente\nAsunto: Rodamientos",
    "Da: Lin\nInviato: lunedì\nA: Cliente\nOggetto: Cuscinetti",
    "Van: Lin\nVerzonden: maandag\nAan: Klant\nOnderwerp: Lagers",
    "От: Lin\nОтправлено: понедельник\nКому: Клиент\nТема: Подшипники",
    "发件人: Lin\n发送时间: 2026年10月12日\n收件人: 客户\n主题: 轴承",
    "寄件者: Lin\n寄件日期: 2026年10月12日\n收件者: 客戶\n主旨: 軸承",
    "差出人: Lin\n送信日時: 2026年10月12日\n宛先: 客\n件名: 軸受",
    "보낸 사람: Lin\n보낸 날짜: 월요일\n받는 사람: 고객\n제목: 베어링",
]


@pytest.mark.parametrize("intro", INTRODUCTIONS)
def test_an_introduction_and_its_quotation_are_not_the_senders(intro: str) -> None:
    assert own_text(f"Thank you.\n\n{intro}\n\n{QUOTED}") == "Thank you."
    assert own_text(f"{intro}\n{QUOTED}\nThank you.\n") == "Thank you."


@pytest.mark.parametrize("intro", INTRODUCTIONS)
def test_an_introduction_without_marks_hides_all_below(intro: str) -> None:
    assert own_text(f"Thank you.\n\n{intro}\n\n{OURS}") == "Thank you."


@pytest.mark.parametrize("block", BLOCKS)
def test_a_separator_or_header_block_hides_all_below(block: str) -> None:
    assert own_text(f"Thank you.\n\n{block}\n\n{OURS}") == "Thank you."


@pytest.mark.parametrize(
    "text",
    [
        "He wrote:\nI like it.",
        "From: our warehouse\nwe ship on Mondays.",
        "The data comes from: our list, and to: yours.",
        "Prices:\n-- first\n-- second",
        "Points from 12.10.2026:\n1. price\n2. time",
        "On the other hand we may wait.\nOn average it works.",
        "Prices:\n-- original\n-- copy",
        "Lin wrote on 12.10.2026 at 9.30:\nfour dollars. Is that still so?",
        "We shipped it.\nDikirim dari gudang kami hari ini.",
        "Please ask Bo <bo@orrery.example>, he was here in 2026 already:\nhe knows.",
        "Tema: cena\nKam: Riga\nwe need both.",
    ],
)
def test_prose_that_resembles_a_quotation_is_kept(text: str) -> None:
    assert own_text(text) == text


def test_signatures_and_phone_lines_are_cut() -> None:
    assert own_text("Fine.\n\n-- \nAna Ruiz\nunsubscribe") == "Fine."
    assert own_text("Fine.\n\nSent from my iPhone") == "Fine."
    assert own_text("好的\n\n发自我的iPhone") == "好的"
    assert own_text("-- \nAna Ruiz") == "--\nAna Ruiz"


def test_html_quotations_are_marked() -> None:
    html = "<div>Yes</div><blockquote type=cite><p>unsubscribe</p></blockquote><div>also this</div>"
    assert "> unsubscribe" in text_of_html(html).split("\n")
    assert own_text(text_of_html(html)) == "Yes\nalso this"
    for mark in ("divRplyFwdMsg", "OLK_SRC_BODY_SECTION", "x_appendonsend"):
        assert own_text(text_of_html(f'<p>Yes</p><div id="{mark}"></div><p>unsubscribe</p>')) == "Yes"
    assert SEPARATOR in text_of_html('<span class="yahoo_quoted">x</span>')


def test_scripts_styles_and_comments_are_no_text() -> None:
    html = (
        "<head><title>t</title></head><style>p{}</style><!-- c --><script>s()</script>a &amp; b&nbsp;c<br>d"
    )
    assert text_of_html(html) == "a & b c\nd"
