"""The end of an absence in many languages, and dates that are none."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from sequencer.core.return_date import return_date

RECEIVED = datetime(2026, 10, 12, 9, tzinfo=UTC)

READ = {
    "I am out of the office until 26 October with limited access.": "2026-10-26",
    "I am out of the office until Monday, October 26th.": "2026-10-26",
    "I will be out from Oct 12 through Oct 23, 2026.": "2026-10-24",
    "I will return on 10/26/2026.": "2026-10-26",
    "I'm away until 23 Oct. I will be back in the office on Monday 26 October.": "2026-10-26",
    "I'm on vacation from October 12 to October 23.": "2026-10-24",
    "I'll be back on Monday.": "2026-10-19",
    "I am on leave until 3 January.": "2027-01-03",
    "Back in the office on 2026-11-02.": "2026-11-02",
    "Ich bin bis einschließlich 23.10.2026 nicht im Büro.": "2026-10-24",
    "Ich bin vom 12.10. bis 23.10. im Urlaub und ab dem 26.10. wieder erreichbar.": "2026-10-26",
    "Ich bin bis KW 43 im Urlaub.": "2026-10-26",
    "Je suis absent jusqu'au 23 octobre inclus.": "2026-10-24",
    "Je suis en congés et serai de retour le 1er novembre 2026.": "2026-11-01",
    "Estaré fuera de la oficina hasta el 23 de octubre.": "2026-10-24",
    "Sarò assente fino al 23 ottobre. Rientro il 26 ottobre.": "2026-10-26",
    "Estou de férias até 23/10/2026, retorno em 26/10/2026.": "2026-10-26",
    "Ik ben afwezig tot en met 23 oktober.": "2026-10-24",
    "Jag är tillbaka den 26 oktober.": "2026-10-26",
    "Jeg er på ferie til og med uge 42.": "2026-10-19",
    "Jestem nieobecny do 23 października 2026.": "2026-10-24",
    "Меня не будет в офисе до 23 октября.": "2026-10-24",
    "23.10.2026 tarihine kadar ofis dışındayım.": "2026-10-24",
    "我在休假，10月26日返回公司。": "2026-10-26",
    "您好，我正在出差，至10月23日，期间无法查看邮件。": "2026-10-24",
    "10月12日から10月23日まで休暇をいただいております。": "2026-10-24",
    "10월 23일까지 부재중입니다.": "2026-10-24",
    "Nem vagyok az irodában október 23-ig.": "2026-10-24",
    "Olen lomalla 23.10. asti.": "2026-10-24",
    "Sunt plecat până pe 23 octombrie.": "2026-10-24",
    "Θα λείπω μέχρι τις 23 Οκτωβρίου": "2026-10-24",
    "Tôi nghỉ phép đến hết ngày 23/10/2026.": "2026-10-24",
    "Saya cuti sampai tanggal 23 Oktober 2026.": "2026-10-24",
    "أنا خارج المكتب حتى 23 أكتوبر 2026": "2026-10-24",
    "Ich bin vom 21.12. bis zum 06.01. im Urlaub.": "2027-01-07",
    "Ich bin bis einschließlich Donnerstag, 22. Oktober 2026 außer Haus.": "2026-10-23",
    "Annual leave: 12 Oct – 23 Oct. For urgent matters call +34 600 000 000.": "2026-10-24",
    "Our office is closed from December 24 until January 4.": "2027-01-04",
    "I will return to the office on the 26th of October.": "2026-10-26",
    "Semester v.42-43. Ring växeln vid brådskande ärenden.": "2026-10-26",
    "Jeg er på ferie og tilbake i uke 44.": "2026-10-26",
    "Olen lomalla ja palaan töihin viikolla 44.": "2026-10-26",
    "Jeg holder ferie i uge 42 og 43.": "2026-10-26",
    "Actuellement en congés, je serai de retour au bureau le lundi 26/10.": "2026-10-26",
    "Absente du 12 au 23 octobre inclus.": "2026-10-24",
    "Estaré de vacaciones del 12 al 23 de octubre, ambos inclusive.": "2026-10-24",
    "Sono in ferie dal 12 al 23 ottobre compresi.": "2026-10-24",
    "Ik ben maandag 26 oktober weer op kantoor.": "2026-10-26",
    "Przebywam na urlopie w dniach 12–23.10.2026 r.": "2026-10-24",
    "Čerpám dovolenou od 12. 10. do 23. 10. včetně.": "2026-10-24",
    "2026. október 23-ig szabadságon vagyok.": "2026-10-24",
    "Sunt în concediu, revin luni, 26 octombrie.": "2026-10-26",
    "Нахожусь в отпуске с 12 по 23 октября включительно.": "2026-10-24",
    "Я у відпустці з 12 по 23 жовтня, повернуся 26 жовтня.": "2026-10-26",
    "В отпуск съм до 23.10.2026 г. включително.": "2026-10-24",
    "Είμαι σε άδεια, επιστρέφω Δευτέρα 26/10.": "2026-10-26",
    "12-23 Ekim tarihleri arasında yıllık izindeyim.": "2026-10-24",
    "أنا في إجازة حتى ٢٣ أكتوبر ٢٠٢٦.": "2026-10-24",
    "ลาพักร้อนถึงวันที่ 23 ตุลาคม 2569 ครับ": "2026-10-24",
    "จะกลับมาทำงานวันที่ 26/10/2569": "2026-10-26",
    "Tôi nghỉ phép từ 12/10 đến 23/10.": "2026-10-24",
    "Saya sedang cuti dan akan kembali bekerja tanggal 26 Oktober.": "2026-10-26",
    "10/12（月）～10/23（金）の間、休暇をいただいております。": "2026-10-24",
    "10월 12일부터 10월 23일까지 휴가입니다. 10월 26일(월)에 복귀합니다.": "2026-10-26",
    "我司国庆放假至10月15日，16日正常上班。": "2026-10-16",
    "मैं 23 अक्टूबर तक छुट्टी पर हूँ।": "2026-10-24",
    "Ich bin 12.-23.10. weg.": "2026-10-24",
    "Ich bin vom 12.10.-23.10.2026 in Elternzeit.": "2026-10-24",
    "Ab Mittwoch, 21. Oktober, bin ich wieder da.": "2026-10-21",
    "I'm out until Monday the 26th, back the week of October 26.": "2026-10-26",
    "My first day back is November 3rd.": "2026-11-03",
    "Back tomorrow!": "2026-10-13",
    "Vuelvo mañana.": "2026-10-13",
    "明天上班后回复。": "2026-10-13",
    "出張中です。26日（月）より出社いたします。": "2026-10-26",
    "12日至23日休年假，26日（周一）上班。": "2026-10-26",
    "Estarei de férias, retorno no dia 26.": "2026-10-26",
    "Semester v. 42-43.": "2026-10-26",
    "Åter på kontoret vecka 43.": "2026-10-19",
    "در مرخصی هستم تا ۲ آبان ۱۴۰۵": "2026-10-25",
    "در مرخصی هستم تا 1405/08/02": "2026-10-25",
    "ลาพักร้อนถึงวันที่ 23 ต.ค. 2569": "2026-10-24",
    "休暇は令和8年10月23日までです。": "2026-10-24",
}
UNREAD = [
    "Call me at 555-10-26, any time, 24/7.",
    "I am out until 1 August 2027.",
    "I was away until 5 October 2026.",
    "Out of office. Our offer no. 26/10 of May stays valid.",
    "I am out of the office until 31 February.",
    "I am out of the office.",
    "My colleague Ana will be back, I hope, one day.",
    "Call 555-26.10 or room 12-3.",
    "I left on ۴ آبان ۱۳۹۹ for good.",
]


@pytest.mark.parametrize("text", READ)
def test_the_day_of_return_is_read(text: str) -> None:
    found = return_date(text, RECEIVED)
    assert found is not None
    assert found.isoformat() == f"{READ[text]}T00:00:00+00:00"


@pytest.mark.parametrize("text", UNREAD)
def test_a_doubtful_date_is_not_believed(text: str) -> None:
    assert return_date(text, RECEIVED) is None


def test_the_language_decides_between_day_and_month() -> None:
    text = "I will be back on 10/11/2026."
    assert return_date(text, datetime(2026, 9, 1, tzinfo=UTC), "en-US") == datetime(2026, 10, 11, tzinfo=UTC)
    assert return_date(text, datetime(2026, 9, 1, tzinfo=UTC), "en-GB") == datetime(2026, 11, 10, tzinfo=UTC)


def test_a_weekday_beats_the_language() -> None:
    text = "I will be back on Tuesday, 10/11/2026."
    assert return_date(text, datetime(2026, 9, 1, tzinfo=UTC), "en-US") == datetime(2026, 11, 10, tzinfo=UTC)


def test_a_missing_year_is_the_next_such_day_after_the_mail_came() -> None:
    for offset in range(5, 170):
        day = RECEIVED + timedelta(days=offset)
        found = return_date(f"back on {day:%d %B}.", RECEIVED)
        assert found is not None
        assert found.date() == day.date()


def test_a_missing_year_after_the_new_year_is_the_next_one() -> None:
    december = datetime(2026, 12, 18, 9, tzinfo=UTC)
    for text in ("Ich bin vom 21.12. bis 06.01. im Urlaub.", "I am on leave from Dec 21 through Jan 6."):
        assert return_date(text, december) == datetime(2027, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I am away from 26 October; before that I read my mail.", None),
        ("Before my departure on 26 October I am in the office, then away until 6 November.", "2026-11-06"),
        ("Ab dem 26.10. bin ich im Urlaub, bis einschließlich 06.11.", "2026-11-07"),
        ("À partir du 26 octobre je serai absent jusqu'au 6 novembre inclus.", "2026-11-07"),
    ],
)
def test_the_day_of_departure_is_not_the_return(text: str, day: str | None) -> None:
    found = return_date(text, RECEIVED)
    assert (found and found.date().isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "until " * 1300,
        "12.-" * 2000,
        "26日" * 2600,
        "back on the " * 650,
        "۴ آبان " * 1100,
        "from 1 to 2 to 3 to 4 " * 360,
        "week 42-43 " * 720,
    ],
)
def test_hostile_text_is_read_in_a_moment(text: str) -> None:
    started = process_time()
    return_date(text, RECEIVED)
    assert process_time() - started < 2
