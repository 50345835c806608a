"""price-list.pdf: one page of FOB prices in three quantity steps."""

from sequencer.files.samples.colours import DEEP_GREEN, LINE, PALE
from sequencer.files.samples.pdf import Align
from sequencer.files.samples.range import PORT, RANGE, STEPS, dollars
from sequencer.files.samples.sheet import LEFT, RIGHT, TOP, Column, Sheets, heading, stamp, table

_TERMS = (
    "Prices in US dollars per piece, FOB Ningbo (Incoterms 2020), for full cartons of one item.",
    "Valid for 30 days from the mail this list came with.",
    "From 2,000 pieces: handles in your own colours, printed sleeve or card included.",
    "Mixed containers from 20 feet; each item at the price of its own quantity.",
    "Lead time 35 days from the deposit; 60 days for orders placed between January and April.",
    "Payment: 30 % with the order, 70 % against a copy of the bill of lading.",
)


def price_list() -> bytes:
    sheets = Sheets("price-list.pdf", "Price list")
    page = sheets.page()
    y = heading(page, (LEFT, TOP), f"Price list FOB {PORT}", "US dollars per piece, by quantity")
    stamp(page, (RIGHT - 44, TOP + 14))
    steps = [Column(heading=f"{step:,} pcs", width=58, align=Align.RIGHT) for step in STEPS]
    columns = (
        Column(heading="Item", width=54),
        Column(heading="Name", width=108),
        Column(heading="Size", width=155),
        *steps,
    )
    rows = [(item.number, item.name, item.size, *map(dollars, item.cents)) for item in RANGE]
    y = table(page, (LEFT, y), columns, rows, 8.5) + 34
    page.box((LEFT, y), RIGHT - LEFT, 168, fill=PALE, edge=LINE)
    page.text((LEFT + 16, y + 24), "What the prices hold for", 12, is_bold=True, colour=DEEP_GREEN)
    for place, term in enumerate(_TERMS, start=1):
        page.text((LEFT + 16, y + 26 + place * 20), f"{place}", 9, is_bold=True)
        page.text((LEFT + 30, y + 26 + place * 20), term, 9)
    text = (
        "The cost at your door needs one more line from you: the item, and how many you sold last year. "
        "Freight, duty rate and lead time follow the next working day."
    )
    page.paragraph((LEFT, y + 198), text, RIGHT - LEFT, 9.5)
    return sheets.encoded()
