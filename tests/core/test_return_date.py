"""The end of an absence in many languages, and dates that are none."""

from datetime import UTC, datetime, timedelta

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
}
UNREAD = [
    "Call me at 555-10-26, any time, 24/7.",
    "I am out until 1 August 2027.",
    "I was away until 5 October 2026.",
    "Out of office. Our offer no. 26/10 of May stays valid.",
    "I am out of the office until 31 February.",
    "I am out of the office.",
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
