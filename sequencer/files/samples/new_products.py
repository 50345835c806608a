"""new-products.pdf: two pages on what is new this season."""

from sequencer.files.samples.colours import DARK_STEEL, DEEP_GREEN, GREY, LEAF, ORANGE, PALE, WHITE, mixed
from sequencer.files.samples.hand_tools import bypass_pruner, hedge_shears
from sequencer.files.samples.long_tools import leaf_rake
from sequencer.files.samples.outline import Point, Shape, placed
from sequencer.files.samples.pdf import Align, Page
from sequencer.files.samples.sheet import LEFT, RIGHT, TOP, Column, Sheets, heading, stamp, table

_WIDE = RIGHT - LEFT


def new_products() -> bytes:
    sheets = Sheets("new-products.pdf", "New products")
    _first(sheets.page())
    _second(sheets.page())
    return sheets.encoded()


def _first(page: Page) -> None:
    y = heading(page, (LEFT, TOP), "New this season", "Samples are ready, first deliveries in 45 days")
    stamp(page, (RIGHT - 44, TOP + 14))
    page.box((LEFT, y), _WIDE, 288, fill=mixed(WHITE, LEAF, 0.22))
    drawing = bypass_pruner(ORANGE, mixed(ORANGE, DARK_STEEL, 0.5))
    page.draw(placed(drawing, (LEFT + 300, y + 142), 1.85, turn=-12), width=0.5)
    _flag(page, (LEFT, y + 18))
    y += 316
    page.text((LEFT, y), "BP-215R  Pruner with a turning handle", 15, is_bold=True, colour=DEEP_GREEN)
    text = (
        "The lower handle turns with the fingers while they close. In a day among the trees the hand "
        "does the same work with about a fifth less effort, and the ring finger gets no blisters. The head "
        "is that of the BP-210, so blades and springs are the same."
    )
    y = page.paragraph((LEFT, y + 20), text, _WIDE, 10) + 14
    points = (
        ("22 mm", "live wood"),
        ("265 g", "20 g more than the BP-210"),
        ("60 pcs", "per carton of 46 × 32 × 30 cm"),
        ("4.95 USD", "FOB Ningbo from 500 pieces"),
    )
    for place, (figure, meaning) in enumerate(points):
        _figure(page, (LEFT + place * (_WIDE / 4), y), figure, meaning)


def _flag(page: Page, at: Point) -> None:
    page.box(at, 60, 22, fill=ORANGE)
    page.text((at[0] + 30, at[1] + 15), "NEW", 11, is_bold=True, colour=WHITE, align=Align.CENTRE)


def _figure(page: Page, at: Point, figure: str, meaning: str) -> None:
    x, y = at
    page.line((x, y), (x + _WIDE / 4 - 14, y), width=1.2, colour=ORANGE)
    page.text((x, y + 22), figure, 16, is_bold=True, colour=DEEP_GREEN)
    page.paragraph((x, y + 37), meaning, _WIDE / 4 - 20, 8.5, colour=GREY)


def _second(page: Page) -> None:
    y = heading(page, (LEFT, TOP), "And two more", "For customers who asked for exactly these")
    entries: tuple[tuple[str, str, tuple[Shape, ...], float], ...] = (
        (
            "HS-610  Hedge shears with wavy blades",
            "The wave holds twigs that slip off a straight blade. Longer by 50 mm, lighter by 40 g.",
            hedge_shears(),
            0.62,
        ),
        (
            "LR-15T  Telescopic leaf rake",
            "An aluminium shaft from 900 to 1,500 mm; packed short, 40 % more rakes fit into a container.",
            leaf_rake(ORANGE),
            0.26,
        ),
    )
    for title, text, drawing, scale in entries:
        y = _entry(page, y, title, text, placed(drawing, (0, 0), scale))
    _prices(page, y + 6)


def _entry(page: Page, y: float, title: str, text: str, shapes: tuple[Shape, ...]) -> float:
    page.box((LEFT, y), _WIDE, 136, fill=PALE)
    across = [x for shape in shapes for x, _ in shape.outline]
    middle = (LEFT + _WIDE / 2 - (min(across) + max(across)) / 2, y + 68)
    page.draw(placed(shapes, middle), width=0.4)
    _flag(page, (LEFT, y + 12))
    page.text((LEFT, y + 156), title, 12.5, is_bold=True, colour=DEEP_GREEN)
    page.paragraph((LEFT, y + 172), text, _WIDE, 9.5)
    return y + 206


def _prices(page: Page, y: float) -> None:
    right = Align.RIGHT
    columns = (
        Column(heading="Item", width=70),
        Column(heading="USD, FOB Ningbo", width=151),
        Column(heading="500 pcs", width=70, align=right),
        Column(heading="2,000 pcs", width=70, align=right),
        Column(heading="5,000 pcs", width=70, align=right),
        Column(heading="HS code", width=60, align=right),
    )
    rows = (
        ("BP-215R", "Pruner, turning handle", "4.95", "4.44", "4.12", "8201.50"),
        ("HS-610", "Hedge shears, wavy", "7.38", "6.66", "6.24", "8201.60"),
        ("LR-15T", "Leaf rake, telescopic", "5.20", "4.68", "4.37", "8201.30"),
    )
    table(page, (LEFT, y), columns, rows, 8.5)
