"""catalogue.pdf: a cover, three pages of tools, and a page on packing and orders."""

from sequencer.files.samples.colours import (
    DEEP_GREEN,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    PALE,
    WHITE,
    Colour,
    mixed,
)
from sequencer.files.samples.hand_tools import bypass_pruner
from sequencer.files.samples.outline import Point, Shape, ellipse, placed
from sequencer.files.samples.pdf import WIDTH, Align, Page
from sequencer.files.samples.range import (
    ANVIL,
    BOW_RAKE,
    BYPASS,
    LEAF_RAKE,
    LOPPER,
    PORT,
    RANGE,
    SHEARS,
    SHOVEL,
    SPADE,
    TELESCOPIC_LOPPER,
    Item,
)
from sequencer.files.samples.sheet import (
    ADDRESS,
    BOTTOM,
    COMPANY,
    LEFT,
    MAIL,
    RIGHT,
    TOP,
    WEBSITE,
    Column,
    Sheets,
    emblem,
    facts,
    heading,
    stamp,
    table,
)

_CHAPTERS = (
    ("Pruners", "One hand, clean cuts, spare parts for every model", (BYPASS, ANVIL)),
    ("Loppers and hedge shears", "More reach, the same blades", (TELESCOPIC_LOPPER, LOPPER, SHEARS)),
    ("Rakes and shovels", "Forged heads on ash shafts", (LEAF_RAKE, BOW_RAKE, SHOVEL, SPADE)),
)
_SCALES = {"BP-210": 1.1, "AP-200": 1.1, "TL-1020": 0.35, "LP-760": 0.35, "HS-560": 0.46}
_LONG = 0.168
_WORDS = {
    "BP-210": "Our best-known pruner. The blade is ground hollow and can be changed with one key.",
    "AP-200": "For dry wood. The straight blade meets a flat anvil, so little force is needed.",
    "TL-1020": "Tubes lock at six lengths. The blade is that of our pruners, half as large again.",
    "LP-760": "One length, steel tubes: the plain workhorse of the range.",
    "HS-560": "Straight blades with a notch for thick twigs and a stop that spares the wrist.",
    "LR-15": "Two bands keep the tines apart; the head comes off for packing.",
    "BR-14": "Head and bow forged in one heat; fourteen teeth for stony soil.",
    "SH-240": "Closed back, rolled tread, blade hardened to the edge only.",
    "SP-180": "The straight sister of the shovel, for beds and lawn edges.",
}


def catalogue() -> bytes:
    sheets = Sheets("catalogue.pdf", "Catalogue")
    _cover(sheets.cover())
    for title, under, items in _CHAPTERS:
        _chapter(sheets.page(), title, under, items)
    _packing(sheets.page())
    return sheets.encoded()


def _cover(page: Page) -> None:
    page.box((0, 0), WIDTH, 640, fill=DEEP_GREEN)
    page.outline(ellipse(330, 330, 205, corners=90), fill=mixed(DEEP_GREEN, GREEN, 0.75))
    for at, turn, size in (
        ((520.0, 560.0), -50.0, 1.9),
        ((518.0, 150.0), 150.0, 1.7),
        ((66.0, 178.0), 60.0, 1.2),
    ):
        _leaf(page, at, turn, size, mixed(DEEP_GREEN, GREEN, 0.55))
    page.draw(placed(bypass_pruner(ORANGE, mixed(ORANGE, INK, 0.25)), (365, 335), 1.75, turn=-32), edge=None)
    page.draw(placed(emblem(), (LEFT + 18, 62), 0.36), edge=None)
    page.text((LEFT + 48, 68), COMPANY, 16, is_bold=True, colour=WHITE)
    page.text((LEFT, 570), "Garden tools", 40, is_bold=True, colour=WHITE)
    page.text((LEFT, 602), "Pruners, loppers, shears, rakes and shovels from the maker", 14, colour=WHITE)
    page.box((LEFT, 668), 46, 4, fill=ORANGE)
    page.text((LEFT, 700), "Catalogue for importers and garden chains", 13, is_bold=True)
    page.text((LEFT, 722), ADDRESS, 9, colour=GREY)
    page.text((LEFT, 736), f"{WEBSITE}  ·  {MAIL}", 9, colour=GREY)
    stamp(page, (RIGHT - 48, 712))


def _leaf(page: Page, at: Point, turn: float, size: float, fill: Colour) -> None:
    leaf = Shape(outline=emblem()[1].outline, fill=fill)
    page.draw(placed((leaf,), at, size, turn), edge=None)


def _chapter(page: Page, title: str, under: str, items: tuple[Item, ...]) -> None:
    y = heading(page, (LEFT, TOP), title, under)
    high = min((BOTTOM - y) / len(items), 214)
    for item in items:
        _entry(page, item, y, high - 14)
        y += high
    if BYPASS in items:
        _spare_parts(page, y + 14)


def _spare_parts(page: Page, y: float) -> None:
    page.text((LEFT, y + 12), "Spare parts", 12, is_bold=True, colour=DEEP_GREEN)
    columns = (
        Column(heading="Part", width=80),
        Column(heading="What it is", width=231),
        Column(heading="Fits", width=100),
        Column(heading="Pcs/bag", width=80, align=Align.RIGHT),
    )
    rows = (
        ("BP-210-B", "Blade, SK5, ground and coated", BYPASS.number, "10"),
        ("AP-200-B", "Blade, SK5, straight", ANVIL.number, "10"),
        ("P-SPRING", "Zigzag spring, stainless", f"{BYPASS.number}, {ANVIL.number}", "20"),
        ("P-BOLT", "Centre bolt with lock nut", f"{BYPASS.number}, {ANVIL.number}", "20"),
        ("P-LATCH", "Safety latch, one hand", f"{BYPASS.number}, {ANVIL.number}", "20"),
    )
    table(page, (LEFT, y + 22), columns, rows)
    text = "Every carton holds one key for the centre bolt. Spare parts travel in the carton of the tools."
    page.paragraph((LEFT, y + 146), text, RIGHT - LEFT)


def _entry(page: Page, item: Item, y: float, high: float) -> None:
    """The drawing on a pale ground at the left, what there is to know at the right."""
    drawn_wide = 282.0
    page.box((LEFT, y), drawn_wide, high, fill=PALE)
    shapes = placed(item.drawing(), (0, 0), _SCALES.get(item.number, _LONG))
    across = [x for shape in shapes for x, _ in shape.outline]
    down = [y for shape in shapes for _, y in shape.outline]
    middle = (
        LEFT + drawn_wide / 2 - (min(across) + max(across)) / 2,
        y + high / 2 - (min(down) + max(down)) / 2,
    )
    page.draw(placed(shapes, middle), width=0.4)
    x, width = LEFT + drawn_wide + 18, RIGHT - LEFT - drawn_wide - 18
    page.text((x, y + 11), item.number, 13, is_bold=True, colour=ORANGE)
    page.text((x + width, y + 11), item.name, 10, is_bold=True, align=Align.RIGHT)
    below = page.paragraph((x, y + 28), _WORDS[item.number], width, 8.5)
    length, wide, tall = item.carton
    rows = (
        ("Size", item.size),
        ("Made of", item.material),
        ("Weight", f"{item.grams:,} g"),
        ("Packing", f"{item.per_carton} pcs/carton"),
        ("Carton", f"{length} × {wide} × {tall} cm"),
        ("Gross weight", f"{item.gross_kg:.1f} kg"),
        ("HS code", item.hs_code),
    )
    facts(page, (x, below - 2), rows, width, 7.5)


def _packing(page: Page) -> None:
    y = heading(page, (LEFT, TOP), "Packing and orders", f"Full cartons only, shipped from {PORT}")
    right = Align.RIGHT
    columns = (
        Column(heading="Item", width=52),
        Column(heading="Name", width=112),
        Column(heading="Pcs/carton", width=58, align=right),
        Column(heading="Carton, cm", width=84, align=right),
        Column(heading="m³", width=44, align=right),
        Column(heading="Net, kg", width=46, align=right),
        Column(heading="Gross, kg", width=47, align=right),
        Column(heading="Pcs/20 ft", width=48, align=right),
    )
    rows = [
        (
            item.number,
            item.name,
            str(item.per_carton),
            " × ".join(str(side) for side in item.carton),
            f"{item.cubic_metres:.3f}",
            f"{item.net_kg:.1f}",
            f"{item.gross_kg:.1f}",
            f"{item.pieces_per_container:,}",
        )
        for item in RANGE
    ]
    y = table(page, (LEFT, y), columns, rows) + 30
    _orders(page, y)


def _orders(page: Page, y: float) -> None:
    half = (RIGHT - LEFT - 24) / 2
    texts = (
        ("Smallest order", "500 pieces of one item. Items may be mixed in one container from 20 feet."),
        ("Lead time", "35 days from the deposit; 60 days for orders placed between January and April."),
        ("Your own brand", "Colours, logo on the blade, printed sleeve or card: included from 2,000 pieces."),
        ("Samples", "Two pieces of any item within a week, free of charge, courier included."),
        ("Payment", "30 % with the order, 70 % against a copy of the bill of lading."),
        ("Spare parts", "Blades, springs and bolts for ten years after the last delivery of a model."),
    )
    for place, (title, text) in enumerate(texts):
        x, top = LEFT + (place % 2) * (half + 24), y + (place // 2) * 74
        page.line((x, top), (x + half, top), width=1.2, colour=ORANGE)
        page.text((x, top + 17), title, 10.5, is_bold=True, colour=DEEP_GREEN)
        page.paragraph((x, top + 32), text, half, 9)
    top = y + 240
    page.box((LEFT, top), RIGHT - LEFT, 62, fill=PALE, edge=LINE)
    page.text((LEFT + 16, top + 24), "Questions?", 12, is_bold=True, colour=DEEP_GREEN)
    page.text((LEFT + 16, top + 42), f"{COMPANY}, {ADDRESS}", 9)
    page.text((RIGHT - 16, top + 24), MAIL, 9, align=Align.RIGHT)
