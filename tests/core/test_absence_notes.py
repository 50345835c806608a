"""Notes of responders as programs in many languages head them, with the day of return they tell."""

import pytest

from sequencer.core.inbound import VerdictKind
from tests import golden_messages as golden

NOTES = [
    # (subject, further headers, text, first day back)
    ("Automatic reply: Bearings", "", "I'm on annual leave, returning Monday 26th October.", "2026-10-26"),
    ("Respuesta automática: Bearings", "", "Buenos días, estaré fuera hasta el próximo lunes 26.", None),
    ("Out of office: Bearings for your spring catalogue", "", "I am away.", None),
    (
        "Re: Bearings for your spring catalogue",
        "Auto-Submitted: auto-replied (vacation)\n",
        "On holidays till 23/10.",
        "2026-10-23",
    ),
    (
        "Re: Bearings for your spring catalogue",
        "X-Autoreply: yes\nPrecedence: bulk\n",
        "J'ai quitté l'entreprise. Contact: marc@ferreteria-sol.example",
        None,
    ),
    (
        "Urlaub: Bearings for your spring catalogue",
        "",
        "Ich bin im Urlaub und ab 26.10.2026 wieder da.",
        "2026-10-26",
    ),
    ("Abwesend Re: Bearings for your spring catalogue", "", "Ich bin bis zum 23.10. abwesend.", "2026-10-24"),
    ("Autosvar: Bearings", "", "Jag är på semester t.o.m. 23/10.", "2026-10-24"),
    ("[Auto-Reply] Bearings", "", "Thanks for your mail, I'm back on 26/10.", "2026-10-26"),
    ("(Out of Office) Re: Bearings for your spring catalogue", "", "I'm OOO until Oct 26.", "2026-10-26"),
    ("自動返信 Re: Bearings", "", "10月23日まで不在です。", "2026-10-24"),
    ("부재중 자동응답: Bearings", "", "10/23까지 부재중입니다.", "2026-10-24"),
    (
        "Auto: Bearings for your spring catalogue",
        "",
        "I am out of the office and will be back on 26 October.",
        "2026-10-26",
    ),
    ("Vacation Notice", "X-Vacation: yes\n", "Away until the 26th.", "2026-10-26"),
    (
        "Thank you for contacting us",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
        "Thank you for contacting Ferreteria Sol. Your request has been received, number 4471.",
        None,
    ),
    (
        "Automatisches Antwortschreiben",
        "Auto-Submitted: auto-replied\n",
        "Büro geschlossen vom 24.12. bis 06.01.",
        None,
    ),
    (
        "Automatic reply: Bearings",
        "",
        "I will be out of the office starting 10/12/2026 and will not return until 10/26/2026.",
        "2026-10-26",
    ),
    ("Automatic reply: Bearings", "", "Out of office 12/10 - 23/10. Back 26/10.", "2026-10-26"),
    (
        "Automatic reply: Bearings",
        "",
        "I'm currently on leave and will be back at my desk on Tues, Oct 27th.",
        "2026-10-27",
    ),
    (
        "Automatic reply: Bearings",
        "",
        "I am attending a trade show this week and will respond on my return on October 19.",
        "2026-10-19",
    ),
    ("Réponse automatique : Bearings", "", "Je suis en déplacement jusqu'à vendredi.", None),
    ("Risposta automatica: Bearings", "", "L'ufficio riapre il 26 ottobre.", "2026-10-26"),
    ("Respuesta automática: Bearings", "", "De vacaciones. Regreso el 26/10/2026.", "2026-10-26"),
    ("Resposta automática: Bearings", "", "Estarei de volta no dia 26/10.", "2026-10-26"),
    ("Automatyczna odpowiedź: Bearings", "", "Wracam do pracy 26.10.", "2026-10-26"),
    ("Автоответ: Bearings", "", "Буду на работе с 26.10.2026", "2026-10-26"),
    ("Otomatik yanıt: Bearings", "", "26 Ekim'de ofiste olacağım.", "2026-10-26"),
    ("رد تلقائي: Bearings", "", "سأعود إلى المكتب يوم 26 أكتوبر.", "2026-10-26"),
    ("ตอบกลับอัตโนมัติ: Bearings", "", "ลาหยุดตั้งแต่วันที่ 12 ถึง 23 ตุลาคม 2569", "2026-10-24"),
    ("Trả lời tự động: Bearings", "", "Tôi sẽ trở lại làm việc ngày 26/10.", "2026-10-26"),
    ("Balasan otomatis: Bearings", "", "Cuti tanggal 12-23 Oktober 2026.", "2026-10-24"),
    ("자동 회신: Bearings", "", "휴가 기간: 10/12 ~ 10/23", "2026-10-24"),
    ("自动回复: 轴承", "", "本人10月12日-10月23日出差，有事请打电话。", "2026-10-24"),
    ("Automaattinen vastaus: Bearings", "", "Olen poissa 12.10.-23.10.", "2026-10-24"),
    ("Automatisk svar: Bearings", "", "Jeg er tilbake mandag 26. oktober.", "2026-10-26"),
    ("Automatikus válasz: Bearings", "", "Október 26-án térek vissza.", "2026-10-26"),
    ("Automatická odpověď: Bearings", "", "Vrátím se 26. 10. 2026.", "2026-10-26"),
]


@pytest.mark.parametrize(("subject", "headers", "text", "back"), NOTES)
def test_a_responders_note_is_read(subject: str, headers: str, text: str, back: str | None) -> None:
    message = (
        "From: Ana Ruiz <ana.ruiz@ferreteria-sol.example>\nTo: lin@northsea-bearings.example\n"
        f"Subject: {subject}\nMessage-ID: <note@ferreteria-sol.example>\n"
        f"In-Reply-To: <a1.7f3a@northsea-bearings.example>\n{headers}"
        f'Content-Type: text/plain; charset="utf-8"\n\n{text}\n'
    )
    verdict = golden.outcome(message.encode()).verdict
    assert verdict.kind is VerdictKind.AUTO_REPLY
    if back is not None:
        assert verdict.return_at is not None
        assert verdict.return_at.date().isoformat() == back
