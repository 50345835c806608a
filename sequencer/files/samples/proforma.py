"""proforma.pdf: a proforma invoice with sample numbers and no bank account."""

from sequencer.files.samples.colours import DEEP_GREEN, GREY, LINE, ORANGE, PALE
from sequencer.files.samples.outline import Point
from sequencer.files.samples.pdf import Align, Page
from sequencer.files.samples.range import BYPASS, PORT, SHOVEL, TELESCOPIC_LOPPER, Item, dollars
from sequencer.files.samples.sheet import (
    ADDRESS,
    COMPANY,
    LEFT,
    MAIL,
    RIGHT,
    TOP,
    Column,
    Sheets,
    facts,
    heading,
    stamp,
    table,
)

_ORDER: tuple[tuple[Item, int, int], ...] = (
    (BYPASS, 4_980, 1),
    (TELESCOPIC_LOPPER, 1_000, 0),
    (SHOVEL, 600, 0),
)
"""Item, pieces, and which of its prices holds."""


def proforma() -> bytes:
    sheets = Sheets("proforma.pdf", "Proforma invoice")
    page = sheets.page()
    y = heading(page, (LEFT, TOP), "Proforma invoice", "PI-0000 (sample number)")
    stamp(page, (RIGHT - 44, TOP + 14))
    y = _parties(page, y + 4)
    y = _lines(page, y + 22)
    _terms(page, y + 30)
    return sheets.encoded()


def _parties(page: Page, y: float) -> float:
    half = (RIGHT - LEFT - 20) / 2
    blocks = (
        ("Seller", (COMPANY, ADDRESS, MAIL)),
        (
            "Buyer",
            (
                "Luso Tools, Lda. (invented)",
                "Rua do Exemplo 12, Porto, Portugal",
                "ana.silva@lusotools.example",
            ),
        ),
    )
    for place, (title, lines) in enumerate(blocks):
        x = LEFT + place * (half + 20)
        page.box((x, y), half, 74, fill=PALE, edge=LINE)
        page.text((x + 12, y + 18), title, 8, colour=GREY)
        page.text((x + 12, y + 34), lines[0], 10, is_bold=True)
        page.text((x + 12, y + 49), lines[1], 8.5)
        page.text((x + 12, y + 62), lines[2], 8.5)
    return y + 74


def _lines(page: Page, y: float) -> float:
    right = Align.RIGHT
    columns = (
        Column(heading="Item", width=60),
        Column(heading="Description", width=161),
        Column(heading="Cartons", width=60, align=right),
        Column(heading="Pieces", width=60, align=right),
        Column(heading=f"USD, FOB {PORT}", width=80, align=right),
        Column(heading="Amount, USD", width=70, align=right),
    )
    rows = [
        (
            item.number,
            f"{item.name}, HS {item.hs_code}",
            f"{-(-pieces // item.per_carton):,}",
            f"{pieces:,}",
            dollars(item.cents[step]),
            dollars(item.cents[step] * pieces),
        )
        for item, pieces, step in _ORDER
    ]
    y = table(page, (LEFT, y), columns, rows, 8.5) + 8
    total = sum(item.cents[step] * pieces for item, pieces, step in _ORDER)
    deposit = total * 30 // 100
    sums = (("Total FOB", total), ("Deposit, 30 %", deposit), ("Before shipment, 70 %", total - deposit))
    return facts(page, (RIGHT - 230, y), [(name, f"USD {dollars(cents)}") for name, cents in sums], 224, 9)


def _terms(page: Page, y: float) -> None:
    cartons = [(item, -(-pieces // item.per_carton)) for item, pieces, _ in _ORDER]
    volume = sum(item.cubic_metres * count for item, count in cartons)
    weight = sum(item.gross_kg * count for item, count in cartons)
    rows = (
        ("Delivery", f"FOB {PORT}, Incoterms 2020"),
        ("Ready to ship", "35 days after the deposit has arrived"),
        (
            "Packing",
            f"{sum(count for _, count in cartons):,} cartons, {volume:.1f} m³, {weight:,.0f} kg gross",
        ),
        ("Origin", "China; certificate of origin included"),
        ("Valid for", "30 days"),
    )
    below = facts(page, (LEFT, y), rows, RIGHT - LEFT, 9) + 18
    page.box((LEFT, below), RIGHT - LEFT, 66, edge=ORANGE, line=1.2)
    _note(page, (LEFT + 14, below + 20))
    y = below + 130
    for x, whose in ((LEFT, "For the seller"), (RIGHT - 200, "For the buyer")):
        page.line((x, y), (x + 200, y), colour=GREY)
        page.text((x, y + 13), whose, 8, colour=GREY)


def _note(page: Page, at: Point) -> None:
    page.text(at, "Bank account", 10.5, is_bold=True, colour=DEEP_GREEN)
    text = (
        "This sample names no account. A word that belongs on a real one: our bank details never change by "
        "mail. If a mail says they did, call the number you have always called before you pay."
    )
    page.paragraph((at[0], at[1] + 16), text, RIGHT - LEFT - 28)
