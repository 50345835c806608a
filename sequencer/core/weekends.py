"""Weekends that the holidays package has not, or has wrong: by country, and by state where states differ."""

FRIDAY_SATURDAY = frozenset({5, 6})
SATURDAY_SUNDAY = frozenset({6, 7})

COUNTRIES = {
    # CLDR's week data (weekendStart, weekendEnd).
    "LY": FRIDAY_SATURDAY,
    # By its government's decision of September 2014, from 1 October 2014 on.
    "MR": SATURDAY_SUNDAY,
}

STATES = {
    # Malaysia: three states rest on Friday and Saturday, by their rulers' decrees; Johor did until 2024.
    ("MY", "02"): FRIDAY_SATURDAY,
    ("MY", "03"): FRIDAY_SATURDAY,
    ("MY", "11"): FRIDAY_SATURDAY,
}
"""By country and the package's code of the subdivision."""
