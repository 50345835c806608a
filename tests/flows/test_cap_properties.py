"""Whatever the caps, groups and buyers: no cap is exceeded in any span, and whoever waits is sent to."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.outbox import OutboxState
from sequencer.testing import DROP
from tests.flows.audited_office import judge
from tests.flows.cap_office import DAY, CapOffice, Left
from tests.flows.office import MONDAY, SEQUENCE

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu")
FAULTS = ("451 4.7.1 later", "550 5.1.1 no such user", DROP)
TWO_MAILS = SEQUENCE.partition("  - id: last")[0].replace("wait: 3d", "wait: 1d")
REPS = {"li": "li", "sales": "sun", "wang": "wang"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Those of one mailbox."""

    daily_cap: int
    date_cap: int | None
    new_cap: int | None
    ramp_from: int | None
    zone: str
    is_in_group: bool


some_caps = st.builds(
    Caps,
    daily_cap=st.integers(1, 6),
    date_cap=st.none() | st.integers(1, 5),
    new_cap=st.none() | st.integers(1, 4),
    ramp_from=st.none() | st.integers(1, 3),
    zone=st.sampled_from(ZONES),
    is_in_group=st.booleans(),
)
some_buyers = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(REPS)), st.integers(0, 50)), max_size=14
)


def an_office(
    folder: Path, caps: dict[str, Caps], group_cap: int, company_cap: int, contact_cap: int, in_batches: bool
) -> CapOffice:
    """Its mailboxes as told, none of which has sent."""
    office = CapOffice(folder / "ws", in_batches=in_batches, sequence=TWO_MAILS)
    office.limit(company_cap=company_cap, contact_cap=contact_cap)
    office.group("firm", group_cap, *(name for name, one in caps.items() if one.is_in_group))
    for name, one in caps.items():
        fields = {"daily_cap": one.daily_cap, "date_cap": one.date_cap, "new_cap": one.new_cap}
        office.set_caps(name, **fields, ramp_from=one.ramp_from, ramp_by=1, zone=one.zone)
    return office


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    caps=st.fixed_dictionaries(dict.fromkeys(sorted(REPS), some_caps)),
    group_cap=st.integers(1, 8),
    company_cap=st.integers(0, 4),
    contact_cap=st.integers(0, 2),
    buyers=some_buyers,
    faults=st.lists(st.tuples(st.sampled_from(sorted(REPS)), st.sampled_from(FAULTS)), max_size=3),
    dials_in=st.sampled_from([0, 1, 7]),
    in_batches=st.booleans(),
)
def test_no_cap_is_exceeded_and_nobody_starves(
    caps: dict[str, Caps],
    group_cap: int,
    company_cap: int,
    contact_cap: int,
    buyers: list[tuple[str, str, int]],
    faults: list[tuple[str, str]],
    dials_in: int,
    in_batches: bool,
) -> None:
    with TemporaryDirectory() as folder:
        office = an_office(Path(folder), caps, group_cap, company_cap, contact_cap, in_batches)
        office.dials_in = timedelta(seconds=dials_in)
        for number, (company, name, hours) in enumerate(sorted(buyers, key=lambda one: one[2])):
            office.on(MONDAY + timedelta(hours=hours))
            office.buyers(f"p{number}@{company}.example", rep=REPS[name])
        for name, answer in faults:
            office.couriers[name].fail("DOT" if answer == DROP else "RCPT", answer)
        for day in range(3, 90, 3):
            office.on(MONDAY + timedelta(days=day))
            if all(one.state is not EnrollmentState.ACTIVE for one in office.enrollments()):
                break
        left = office.left
        for name, one in caps.items():
            mine = [each for each in left if each.mailbox == name]
            require_own_caps(mine, one)
            if one.new_cap is not None:
                first = [each for each in mine if office.at(each.address)[0] == each.at]
                require_rolling(first, lambda _each: "", one.new_cap)
        shared = [each for each in left if caps[each.mailbox].is_in_group]
        require_rolling(shared, lambda _each: "", group_cap)
        require_rolling(left, lambda each: each.company, company_cap or 99)
        require_rolling(left, lambda each: each.address, contact_cap or 99)
        assert not judge(office).findings
        waiting = [row for row in office.rows() if row.state in (OutboxState.READY, OutboxState.DEFERRED)]
        assert not waiting, waiting
        assert all(one.state is not EnrollmentState.ACTIVE for one in office.enrollments())


def require_own_caps(mine: list[Left], caps: Caps) -> None:
    """Those of its rolling day and of its dates, each as its ramp has them on that date."""
    zone, by_date = ZoneInfo(caps.zone), defaultdict(list)
    for one in sorted(mine, key=lambda each: each.at):
        day = one.at.astimezone(zone).date()
        by_date[day].append(one.at)
        first = next(iter(by_date))
        assert len(in_a_day_before(mine, one.at)) <= limit_of(caps, caps.daily_cap, first, day)
        if caps.date_cap is not None:
            assert len(by_date[day]) <= limit_of(caps, caps.date_cap, first, day)


def limit_of(caps: Caps, limit: int, first: date, day: date) -> int:
    return limit if caps.ramp_from is None else min(limit, caps.ramp_from + (day - first).days)


def require_rolling(left: list[Left], of: Callable[[Left], str], limit: int) -> None:
    """In the 24 hours that end with each of them no more than `limit` of the same."""
    for one in left:
        same = [each for each in left if of(each) == of(one)]
        assert len(in_a_day_before(same, one.at)) <= limit, (of(one), one.at)


def in_a_day_before(left: Iterable[Left], end: datetime) -> list[Left]:
    return [each for each in left if end - DAY < each.at <= end]
