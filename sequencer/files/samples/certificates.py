"""certificates.pdf: an ISO 9001 certificate, a test report and an audit summary, all plainly samples."""

import math

from sequencer.files.samples.colours import (
    DEEP_GREEN,
    DEEP_ORANGE,
    GREEN,
    GREY,
    LINE,
    ORANGE,
    PALE,
    WHITE,
    Colour,
    mixed,
)
from sequencer.files.samples.outline import Outline, Point, ellipse
from sequencer.files.samples.pdf import HEIGHT, WIDTH, Align, Page
from sequencer.files.samples.range import BYPASS, TELESCOPIC_LOPPER
from sequencer.files.samples.sheet import (
    ADDRESS,
    COMPANY,
    LEFT,
    RIGHT,
    TOP,
    Column,
    Sheets,
    facts,
    heading,
    stamp,
    table,
)

_CENTRE = WIDTH / 2


def certificates() -> bytes:
    sheets = Sheets("certificates.pdf", "Certificates and audit report")
    _certificate(sheets.cover())
    _test_report(sheets.page())
    _audit(sheets.page())
    return sheets.encoded()


def _certificate(page: Page) -> None:
    page.text((150, 640), "SAMPLE", 118, is_bold=True, colour=mixed(WHITE, LINE, 0.42), turn=52)
    for inset, width, colour in ((34.0, 5.0, GREEN), (42.0, 0.8, ORANGE), (46.0, 0.5, LINE)):
        page.box((inset, inset), WIDTH - 2 * inset, HEIGHT - 2 * inset - 26, edge=colour, line=width)
    for x in (34.0, WIDTH - 34.0):
        for y in (34.0, HEIGHT - 60.0):
            page.box((x - 9, y - 9), 18, 18, fill=GREEN)
            page.box((x - 4, y - 4), 8, 8, fill=ORANGE)
    lines: tuple[tuple[float, str, float, bool, Colour], ...] = (
        (128, "CERTIFICATE", 36, True, DEEP_GREEN),
        (156, "of a quality management system", 12, False, GREY),
        (214, "The Example Certification Body, which was invented for this page,", 11, False, GREY),
        (230, "would confirm here that", 11, False, GREY),
        (274, COMPANY, 24, True, DEEP_GREEN),
        (296, ADDRESS, 10, False, GREY),
        (340, "has a quality management system that meets", 11, False, GREY),
        (382, "ISO 9001:2015", 30, True, ORANGE),
        (424, "for the design, forging and assembly of hand tools for the garden", 12, True, DEEP_GREEN),
    )
    for y, text, size, is_bold, colour in lines:
        page.text((_CENTRE, y), text, size, is_bold=is_bold, colour=colour, align=Align.CENTRE)
    rows = (
        ("Certificate number", "SAMPLE-0000-00"),
        ("First issued", "SAMPLE"),
        ("Valid until", "SAMPLE"),
        ("To verify", "www.certbody.example"),
    )
    facts(page, (_CENTRE - 140, 462), rows, 280, 10)
    _seal(page, (_CENTRE, 648))
    for x, text in ((84.0, "Lead auditor"), (WIDTH - 84 - 130.0, "Head of certification")):
        page.line((x, 690), (x + 130, 690), colour=GREY)
        page.text((x, 703), text, 8, colour=GREY)
        page.text((x + 20, 684), "not signed", 9, colour=LINE)
    note = "This is not a certificate. It shows the place where yours belongs."
    page.text((_CENTRE, 748), note, 9, is_bold=True, colour=DEEP_ORANGE, align=Align.CENTRE)


def _seal(page: Page, at: Point) -> None:
    x, y = at
    for side in (-1, 1):
        ribbon = ((x, y + 20), (x + side * 34, y + 78), (x + side * 19, y + 74), (x + side * 10, y + 86))
        page.outline(ribbon, fill=DEEP_ORANGE)
    page.outline(_star(at, 54, 48, 32), fill=ORANGE)
    page.outline(ellipse(x, y, 42, corners=60), fill=WHITE, edge=DEEP_ORANGE, width=1)
    page.outline(ellipse(x, y, 38, corners=60), edge=ORANGE, width=0.6)
    page.text((x, y - 6), "SAMPLE", 14, is_bold=True, colour=DEEP_ORANGE, align=Align.CENTRE)
    page.text((x, y + 8), "no legal value", 7.5, colour=DEEP_ORANGE, align=Align.CENTRE)
    page.text((x, y + 19), "Example Body", 6.5, colour=GREY, align=Align.CENTRE)


def _star(at: Point, outer: float, inner: float, points: int) -> Outline:
    found = []
    for step in range(points * 2):
        angle, radius = math.pi * step / points, inner if step % 2 else outer
        found.append((at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle)))
    return tuple(found)


def _test_report(page: Page) -> None:
    y = heading(
        page, (LEFT, TOP), "Test report", "Blades and telescopic handles, 32 pieces drawn from one lot"
    )
    stamp(page, (RIGHT - 44, TOP + 14))
    rows = (
        ("Laboratory", "Example Test House (invented)"),
        ("Items", f"{BYPASS.number} {BYPASS.name}; {TELESCOPIC_LOPPER.number} {TELESCOPIC_LOPPER.name}"),
        ("Report number", "SAMPLE-T-000"),
    )
    y = facts(page, (LEFT, y), rows, RIGHT - LEFT, 8.5) + 18
    columns = (
        Column(heading="Test", width=206),
        Column(heading="Wanted", width=105, align=Align.RIGHT),
        Column(heading="Found", width=110, align=Align.RIGHT),
        Column(heading="Result", width=70, align=Align.RIGHT),
    )
    results = (
        ("Hardness of the blade", "55–59 HRC", "56.1–58.4 HRC", "passed"),
        ("Hardness of the counter-blade", "42–48 HRC", "43.9–46.2 HRC", "passed"),
        ("Hand force, 12 mm ash", "180 N at most", "165 N", "passed"),
        ("Cuts until the force has risen by 20 %", "10,000", "11,640", "passed"),
        ("Salt spray, blade coated", "48 h", "72 h", "passed"),
        ("Drop from 1.5 m on concrete, ten times", "no crack", "no crack", "passed"),
        ("Telescopic lock, pull", "400 N", "455–490 N", "passed"),
        ("Telescopic lock, openings and closings", "5,000", "5,000", "passed"),
        ("Bending of the tube at full length", "12 mm at most", "9.4 mm", "passed"),
        ("Grip, lead and phthalates", "below limits", "not detected", "passed"),
    )
    y = table(page, (LEFT, y), columns, results, 8.5) + 26
    _chart(page, y)


def _chart(page: Page, y: float) -> None:
    """Hand force over the number of cuts, with its limit."""
    page.text((LEFT, y), "Hand force over 12,000 cuts, newtons", 10, is_bold=True, colour=DEEP_GREEN)
    left, low, wide, high = LEFT + 30, y + 172, RIGHT - LEFT - 40, 150.0
    for force in (140, 160, 180, 200):
        level = low - (force - 140) / 60 * high
        page.line((left, level), (left + wide, level), width=0.4, colour=LINE)
        page.text((left - 6, level + 3), str(force), 7.5, colour=GREY, align=Align.RIGHT)
    for cuts in range(0, 12_001, 2_000):
        page.text((left + cuts / 12_000 * wide, low + 14), f"{cuts:,}", 7.5, colour=GREY, align=Align.CENTRE)
    limit = low - (198 - 140) / 60 * high
    page.line((left, limit), (left + wide, limit), width=1, colour=ORANGE)
    page.text((left + 6, limit + 11), "limit: 20 % above the start", 7.5, colour=DEEP_ORANGE)
    forces = (165, 163, 164, 166, 168, 171, 174, 177, 181, 185, 190, 196, 200)
    points = [
        (left + place / 12 * wide, low - (force - 140) / 60 * high) for place, force in enumerate(forces)
    ]
    page.line(*points, width=1.8, colour=GREEN)
    for x, level in points:
        page.outline(ellipse(x, level, 2.4, corners=16), fill=GREEN)


def _audit(page: Page) -> None:
    y = heading(
        page,
        (LEFT, TOP),
        "Social audit: summary",
        "Two days on site; 140 people, 24 of them interviewed",
    )
    stamp(page, (RIGHT - 44, TOP + 14))
    columns = (
        Column(heading="Chapter", width=190),
        Column(heading="Looked at", width=181),
        Column(heading="Points open", width=60, align=Align.RIGHT),
        Column(heading="Grade", width=60, align=Align.RIGHT),
    )
    rows = (
        ("Working hours and pay", "12 months of time records", "1", "B"),
        ("Health and safety", "both halls, the forge, the canteen", "1", "B"),
        ("No child or forced labour", "all personnel files", "0", "A"),
        ("Freedom to organise", "interviews, notice boards", "0", "A"),
        ("Waste water and air", "permits, four measurements", "0", "A"),
        ("Business ethics", "gift register, complaints box", "0", "A"),
    )
    y = table(page, (LEFT, y), columns, rows, 8.5) + 28
    page.text((LEFT, y), "The two open points, and what we did", 13, is_bold=True, colour=DEEP_GREEN)
    points = (
        (
            "Overtime in March and April went beyond the monthly limit for eleven people in the forge.",
            "A third shift of nine people works there since; spring orders now take 60 days instead of 35. "
            "The time records of the next season go to the auditor unasked.",
        ),
        (
            "Two of fourteen presses had a guard that could be opened while the press was running.",
            "Both guards were replaced within three weeks, and each press got a switch that stops it. "
            "A photograph of each hangs beside it.",
        ),
    )
    for number, (found, done) in enumerate(points, start=1):
        y = _point(page, y + 16, number, found, done)
    text = "The audit and its grades are invented. Put your own here, findings included."
    page.paragraph((LEFT, y + 30), text, RIGHT - LEFT, colour=DEEP_ORANGE)


def _point(page: Page, y: float, number: int, found: str, done: str) -> float:
    page.box((LEFT, y), RIGHT - LEFT, 104, fill=PALE)
    page.box((LEFT, y), 4, 104, fill=ORANGE)
    page.text((LEFT + 20, y + 34), str(number), 26, is_bold=True, colour=ORANGE)
    page.text((LEFT + 52, y + 20), "Found", 8, is_bold=True, colour=GREY)
    below = page.paragraph((LEFT + 52, y + 34), found, RIGHT - LEFT - 68, 9.5)
    page.text((LEFT + 52, below + 6), "Done", 8, is_bold=True, colour=GREY)
    page.paragraph((LEFT + 52, below + 20), done, RIGHT - LEFT - 68, 9.5)
    return y + 104
