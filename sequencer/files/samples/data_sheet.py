"""data-sheet.pdf: the bypass pruner with its dimensions, materials and test values."""

from sequencer.files.samples.colours import DEEP_GREEN, GREY, INK, LINE, ORANGE, PALE
from sequencer.files.samples.hand_tools import bypass_pruner
from sequencer.files.samples.outline import Point, ellipse, placed
from sequencer.files.samples.pdf import Align, Page
from sequencer.files.samples.range import BYPASS
from sequencer.files.samples.sheet import LEFT, RIGHT, TOP, Column, Sheets, facts, heading, stamp, table

_SCALE = 1.62
_CENTRE: Point = (352.0, 280.0)


def data_sheet() -> bytes:
    sheets = Sheets("data-sheet.pdf", "Data sheet")
    page = sheets.page()
    y = heading(page, (LEFT, TOP), f"{BYPASS.number}  {BYPASS.name}", "For live wood up to 22 mm")
    stamp(page, (RIGHT - 44, TOP + 14))
    page.box((LEFT, y), RIGHT - LEFT, 264, fill=PALE)
    page.draw(placed(bypass_pruner(), _CENTRE, _SCALE), width=0.6)
    _dimensions(page)
    _parts(page)
    _values(page, y + 284)
    return sheets.encoded()


def _at(x: float, y: float) -> Point:
    """Where a point of the drawing, in its millimetres, stands on the page."""
    return (_CENTRE[0] + x * _SCALE, _CENTRE[1] + y * _SCALE)


def _dimensions(page: Page) -> None:
    _across(page, -151, 59, -60, "210")
    _across(page, 0, 59, 52, "59")
    _across(page, -151, 0, 52, "151")
    _down(page, 76, -28, 28, "56")


def _across(page: Page, start: float, end: float, y: float, text: str) -> None:
    """A dimension line with arrow heads and its number in millimetres."""
    left, right = _at(start, y), _at(end, y)
    toward = 14 if y < 0 else -14
    for point in (left, right):
        page.line((point[0], point[1] - 4), (point[0], point[1] + toward * 1.3), width=0.4, colour=GREY)
    page.line(left, right, width=0.5)
    for (x, height), way in ((left, 5), (right, -5)):
        page.outline(((x, height), (x + way, height - 1.8), (x + way, height + 1.8)), fill=INK)
    _number(page, ((left[0] + right[0]) / 2, left[1]), text)


def _down(page: Page, x: float, start: float, end: float, text: str) -> None:
    upper, lower = _at(x, start), _at(x, end)
    for point in (upper, lower):
        page.line((point[0] - 20, point[1]), (point[0] + 4, point[1]), width=0.4, colour=GREY)
    page.line(upper, lower, width=0.5)
    for (across, y), way in ((upper, 5), (lower, -5)):
        page.outline(((across, y), (across - 1.8, y + way), (across + 1.8, y + way)), fill=INK)
    _number(page, (upper[0], (upper[1] + lower[1]) / 2), text)


def _number(page: Page, at: Point, text: str) -> None:
    page.box((at[0] - 12, at[1] - 6), 24, 12, fill=PALE)
    page.text((at[0], at[1] + 3), text, 9, is_bold=True, align=Align.CENTRE)


def _parts(page: Page) -> None:
    """Numbered discs on the drawing, as the list of parts below names them."""
    spots = (
        (38.0, -20.0, 56.0, -40.0),
        (30.0, 22.0, 30.0, 42.0),
        (0.0, 0.0, 8.0, -36.0),
        (-41.0, 4.0, -66.0, 0.0),
        (-90.0, -30.0, -90.0, -49.0),
    )
    for number, (x, y, disc_x, disc_y) in enumerate(spots, start=1):
        centre = _at(disc_x, disc_y)
        page.line(_at(x, y), centre, width=0.6, colour=ORANGE)
        page.outline(_disc(centre), fill=ORANGE)
        page.text((centre[0], centre[1] + 3), str(number), 8, is_bold=True, colour=PALE, align=Align.CENTRE)


def _disc(centre: Point) -> tuple[Point, ...]:
    return ellipse(*centre, 7, corners=24)


def _values(page: Page, y: float) -> None:
    half = (RIGHT - LEFT - 26) / 2
    columns = (
        Column(heading="", width=22),
        Column(heading="Part", width=76),
        Column(heading="Material", width=half - 98),
    )
    parts = (
        ("1", "Blade", "SK5 steel, 57 ± 2 HRC"),
        ("2", "Counter-blade", "65Mn steel, 45 ± 3 HRC"),
        ("3", "Centre bolt", "45# steel, lock nut"),
        ("4", "Spring", "stainless wire, 2.6 mm"),
        ("5", "Handles", "forged aluminium, TPR grip"),
    )
    page.text((LEFT, y + 10), "Parts", 12, is_bold=True, colour=DEEP_GREEN)
    table(page, (LEFT, y + 20), columns, parts, 8.5)
    x = LEFT + half + 26
    page.text((x, y + 10), "Figures", 12, is_bold=True, colour=DEEP_GREEN)
    length, wide, high = BYPASS.carton
    figures = (
        ("Length", "210 mm"),
        ("Cuts live wood up to", "22 mm"),
        ("Weight", f"{BYPASS.grams} g"),
        ("Hand force for 12 mm ash", "165 N"),
        ("Cuts before regrinding", "10,000"),
        ("Pieces per carton", str(BYPASS.per_carton)),
        ("Carton", f"{length} × {wide} × {high} cm, {BYPASS.gross_kg:.1f} kg"),
        ("HS code", BYPASS.hs_code),
    )
    facts(page, (x, y + 20), figures, half, 8.5)
    _check(page, y + 196)


def _check(page: Page, y: float) -> None:
    page.box((LEFT, y), RIGHT - LEFT, 72, edge=LINE)
    page.text((LEFT + 14, y + 20), "Before it is packed", 11, is_bold=True, colour=DEEP_GREEN)
    text = (
        "Every pruner cuts a 12 mm ash dowel ten times. About one in ninety fails and goes back to the "
        "grinder. The count of each lot is printed on the carton. The figures here are invented, as is "
        "the firm."
    )
    page.paragraph((LEFT + 14, y + 36), text, RIGHT - LEFT - 28)
