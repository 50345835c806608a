"""Caps: when one message more fits under a limit, over rolling days, dates and ramps."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sequencer.config import Limits, MailboxGroup
from sequencer.core.caps import Cap, CapKind, Ramp, buyer_caps, mailbox_caps, new_cap
from sequencer.testing import a_config, a_mailbox

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")


def rolling(limit: int, ramp: Ramp | None = None, zone: str = "UTC") -> Cap:
    return Cap(kind=CapKind.MAILBOX, of="wang", limit=limit, ramp=ramp, zone=zone)


def of_date(limit: int, zone: str = "UTC") -> Cap:
    return Cap(kind=CapKind.DATE, of="wang", limit=limit, zone=zone)


def counted(cap: Cap, times: list[datetime], now: datetime) -> int:
    return sum(1 for at in times if cap.since(now) < at)


def test_a_cap_of_a_date_opens_at_midnight_where_the_mailbox_is() -> None:
    shanghai = of_date(2, "Asia/Shanghai")
    # 20:00 in Shanghai: midnight there is 16:00 UTC.
    assert shanghai.opens_at([NOON - HOUR], NOON) == NOON
    assert shanghai.opens_at([NOON - HOUR, NOON - 2 * HOUR], NOON) == NOON + 4 * HOUR
    # Two of the date before count no longer.
    assert shanghai.opens_at([NOON - 21 * HOUR, NOON - 22 * HOUR], NOON) == NOON


def test_a_message_at_the_very_midnight_belongs_to_the_new_date() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert of_date(1).opens_at([midnight], midnight + HOUR) == midnight + timedelta(days=1)


def test_a_date_of_25_hours_is_one_date() -> None:
    # Berlin, 25 October 2026: 00:00 is 22:00 UTC the day before, the next midnight 23:00 UTC.
    first = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert of_date(1, "Europe/Berlin").opens_at([first], first + 24 * HOUR) == first + 25 * HOUR


def test_a_ramp_begins_with_the_first_real_message_and_ends_at_the_cap() -> None:
    ramp = Ramp(start=10, by=5, first_sent_at=NOON)
    limits = [rolling(22, ramp).limit_at(NOON + timedelta(days=day)) for day in range(5)]
    assert limits == [10, 15, 20, 22, 22]
    unused = Ramp(start=10, by=5, first_sent_at=None)
    assert rolling(22, unused).limit_at(NOON + timedelta(days=300)) == 10


def test_a_full_ramp_opens_at_midnight_when_the_next_date_lets_more() -> None:
    ramp = Ramp(start=2, by=2, first_sent_at=NOON)
    sent = [NOON, NOON + MINUTE]
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert rolling(50, ramp).opens_at(sent, NOON + HOUR) == midnight
    # With the cap itself reached the date changes nothing: the oldest must grow a day old.
    assert rolling(2, ramp).opens_at(sent, NOON + HOUR) == NOON + 24 * HOUR


@given(
    st.lists(st.integers(0, 4 * 24 * 60), max_size=25),
    st.integers(1, 6),
    st.integers(24 * 60, 4 * 24 * 60),
    st.sampled_from(ZONES),
    st.booleans(),
    st.one_of(st.none(), st.tuples(st.integers(1, 3), st.integers(0, 3))),
)
def test_the_opening_is_the_first_minute_at_which_one_more_fits(
    minutes: list[int], limit: int, now_minute: int, zone: str, is_date: bool, grows: tuple[int, int] | None
) -> None:
    start = datetime(2026, 3, 27, tzinfo=UTC)
    now = start + now_minute * MINUTE
    times = [start + minute * MINUTE for minute in minutes if minute <= now_minute]
    first = min(times, default=None)
    ramp = Ramp(start=grows[0], by=grows[1], first_sent_at=first) if grows else None
    kind = CapKind.DATE if is_date else CapKind.MAILBOX
    cap = Cap(kind=kind, of="wang", limit=limit, zone=zone, ramp=ramp)
    by_hand = now
    while counted(cap, times, by_hand) >= cap.limit_at(by_hand):
        by_hand += MINUTE
    assert cap.opens_at(reversed(times), now) == by_hand


def test_a_mailbox_has_the_caps_its_settings_name() -> None:
    plain = a_mailbox("wang")
    young = a_mailbox("li", date_cap=40, new_cap=20, ramp_from=5, ramp_by=3, group="firm")
    config = a_config(plain, young, groups=(MailboxGroup(name="firm", daily_cap=70),))
    assert [cap.kind for cap in mailbox_caps(config, plain, None)] == [CapKind.MAILBOX]
    assert [(cap.kind, cap.of, cap.limit) for cap in mailbox_caps(config, young, NOON)] == [
        (CapKind.MAILBOX, "li", young.daily_cap),
        (CapKind.DATE, "li", 40),
        (CapKind.GROUP, "firm", 70),
    ]
    assert mailbox_caps(config, young, NOON)[0].limit_at(NOON) == 5
    assert new_cap(plain) is None
    fresh = new_cap(young)
    assert fresh is not None
    assert (fresh.kind, fresh.limit) == (CapKind.NEW, 20)


def test_a_free_mail_address_says_nothing_of_a_company() -> None:
    limits = Limits(company_cap=3, contact_cap=1)
    kinds = {cap.kind: cap.of for cap in buyer_caps(limits, contact="7", domain="luso.example")}
    assert kinds == {CapKind.COMPANY: "luso.example", CapKind.CONTACT: "7"}
    assert [cap.kind for cap in buyer_caps(limits, contact="7", domain="gmail.com")] == [CapKind.CONTACT]
    assert buyer_caps(Limits(company_cap=0, contact_cap=0), contact="7", domain="luso.example") == ()
