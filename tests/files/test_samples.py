"""The sample attachments are real files that any reader opens, small, and the same on every machine."""

import os
import re
import struct
import subprocess
import sys
import zlib
from itertools import pairwise

import pytest

from sequencer.files.samples import SAMPLE_NAMES, sample_assets
from sequencer.files.samples.colours import Colour
from sequencer.files.samples.outline import box, ellipse
from sequencer.files.samples.pdf import Align, Page, pdf_file, wrapped
from sequencer.files.samples.png import Canvas
from sequencer.files.samples.widths import text_width

PDFS = tuple(name for name in SAMPLE_NAMES if name.endswith(".pdf"))
PNGS = tuple(name for name in SAMPLE_NAMES if name.endswith(".png"))
RED: Colour = (200, 0, 0)
WHITE: Colour = (255, 255, 255)


def objects(content: bytes) -> list[bytes]:
    """The objects of a PDF, found by the offsets of its cross-reference table."""
    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    head, size, free, *entries = content[start:].split(b"trailer")[0].splitlines()
    assert (head, free) == (b"xref", b"0000000000 65535 f ")
    assert len(entries) == int(size.split()[1]) - 1
    offsets = [int(entry.split()[0]) for entry in entries]
    for number, offset in enumerate(offsets, start=1):
        assert content[offset:].startswith(b"%d 0 obj\n" % number)
    return [content[offset:end] for offset, end in pairwise([*offsets, start])]


def page_texts(content: bytes) -> list[list[str]]:
    """What each page shows, text by text in the order of drawing."""
    found = []
    for one in objects(content):
        if b"/FlateDecode" in one:
            length = int(re.findall(rb"/Length (\d+)", one)[0])
            start = one.index(b"stream\n") + len(b"stream\n")
            drawn = zlib.decompress(one[start : start + length]).decode("cp1252")
            assert one[start + length :].startswith(b"\nendstream")
            shown = re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", drawn)
            found.append([re.sub(r"\\(.)", r"\1", text) for text in shown])
    return found


def decoded(content: bytes) -> list[list[Colour]]:
    """The rows of a picture with a palette and unfiltered rows; checksums and lengths are looked at."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", content, at + 8 + length) == (zlib.crc32(kind + data),)
        chunks[kind] = data
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 3, 0, 0, 0]
    colours = list(struct.iter_unpack("BBB", chunks[b"PLTE"]))
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == height * (width + 1)
    rows = [pixels[row * (width + 1) : (row + 1) * (width + 1)] for row in range(height)]
    assert {row[0] for row in rows} == {0}
    return [[colours[number] for number in row[1:]] for row in rows]


def test_each_name_the_templates_may_attach_is_there() -> None:
    assert set(sample_assets()) == {
        *("catalogue.pdf", "certificates.pdf", "price-list.pdf", "data-sheet.pdf"),
        *("new-products.pdf", "proforma.pdf"),
        *("exhibition.png", "factory.png", "sample-room.png", "sample.png"),
    }


def test_another_process_draws_the_same_bytes() -> None:
    told = (
        "from sequencer.files.samples import sample_assets; from hashlib import sha256;"
        "print(*(sha256(content).hexdigest() for content in sample_assets().values()))"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", told],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert len(set(first.split())) == len(SAMPLE_NAMES)


def test_all_of_them_weigh_less_than_one_photograph() -> None:
    sizes = {name: len(content) for name, content in sample_assets().items()}
    assert sum(sizes.values()) < 400_000
    assert {name: sizes[name] for name in PNGS if sizes[name] >= 60_000} == {}


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("catalogue.pdf", 5),
        ("certificates.pdf", 3),
        ("price-list.pdf", 1),
        ("data-sheet.pdf", 1),
        ("new-products.pdf", 2),
        ("proforma.pdf", 1),
    ],
)
def test_every_page_says_whose_sample_it_is_and_where_it_stands(name: str, pages: int) -> None:
    shown = page_texts(sample_assets()[name])
    assert len(shown) == pages
    note = f"Sample document of the starter library - replace assets/{name} by your own."
    for number, texts in enumerate(shown, start=1):
        assert texts[-2:] == [note, f"Page {number} of {pages}"]
        assert "Harbour Tools Co., Ltd." in texts
        assert len(texts) > 8
    assert "SAMPLE" in shown[0]


@pytest.mark.parametrize("name", PDFS)
def test_documents_carry_no_date_and_name_their_title(name: str) -> None:
    content = sample_assets()[name]
    assert content.startswith(b"%PDF-1.4\n")
    assert content.endswith(b"%%EOF\n")
    assert b"Date" not in content
    assert b"/Title (" in objects(content)[4]
    assert b"\\(sample\\)" in objects(content)[4]


def test_the_proforma_adds_up() -> None:
    (texts,) = page_texts(sample_assets()["proforma.pdf"])
    sums = [text for text in texts if re.fullmatch(r"USD [\d,.]+", text)]
    total, deposit, rest = (float(text.removeprefix("USD ").replace(",", "")) for text in sums)
    amounts = [float(text.replace(",", "")) for text in texts if re.fullmatch(r"[\d,]{5,}\.\d\d", text)]
    assert total == pytest.approx(sum(amounts)) == pytest.approx(deposit + rest)


def test_the_price_list_gets_cheaper_by_quantity() -> None:
    (texts,) = page_texts(sample_assets()["price-list.pdf"])
    prices = [float(text) for text in texts if re.fullmatch(r"\d+\.\d\d", text)]
    assert len(prices) == 27
    for row in range(0, 27, 3):
        assert prices[row] > prices[row + 1] > prices[row + 2]


@pytest.mark.parametrize("name", PNGS)
def test_pictures_decode_to_their_size_and_many_colours(name: str) -> None:
    rows = decoded(sample_assets()[name])
    assert (len(rows), len(rows[0])) == (640, 960)
    assert 60 < len({colour for row in rows for colour in row}) <= 256


def test_a_box_fills_its_pixels_and_no_others() -> None:
    canvas = Canvas(8, 6, WHITE)
    canvas.fill(box(2, 1, 3, 4), RED)
    for y, row in enumerate(decoded(canvas.encoded())):
        assert row == [RED if 2 <= x < 5 and 1 <= y < 5 else WHITE for x in range(8)]


def test_an_outline_that_leaves_the_picture_is_cut_off() -> None:
    canvas = Canvas(20, 20, WHITE)
    canvas.fill(box(-5, -5, 10, 10), RED)
    canvas.fill(((15.5, 15.5), (40.0, 15.5), (40.0, 40.0), (15.5, 40.0)), RED)
    rows = decoded(canvas.encoded())
    assert rows[0][:6] == [RED] * 5 + [WHITE]
    assert (rows[10][10], rows[19][19], rows[5][5]) == (WHITE, RED, WHITE)


def test_edges_are_smooth_and_a_half_covered_pixel_is_half_painted() -> None:
    canvas = Canvas(40, 40, WHITE)
    canvas.fill(((10.5, 10.0), (30.0, 10.0), (30.0, 30.0), (10.5, 30.0)), (0, 0, 0))
    row = decoded(canvas.encoded())[20]
    assert (row[9], row[11], row[29], row[30]) == (WHITE, (0, 0, 0), (0, 0, 0), WHITE)
    assert all(110 < value < 145 for value in row[10])


def test_a_disc_covers_its_area() -> None:
    canvas = Canvas(100, 100, WHITE)
    canvas.fill(ellipse(50, 50, 30, corners=90), (0, 0, 0))
    covered = sum(255 - pixel[0] for row in decoded(canvas.encoded()) for pixel in row) / 255
    assert covered == pytest.approx(2823, rel=0.01)  # 3.14 × 30 × 30, less what ninety corners cut off


def test_text_is_set_by_the_widths_of_its_letters() -> None:
    assert text_width("iM", 10) == pytest.approx(2.22 + 8.33)
    assert text_width("iM", 10, is_bold=True) == pytest.approx(2.78 + 8.33)
    page = Page()
    page.text((300, 100), "iM", 10, align=Align.RIGHT)
    page.text((300, 100), "iM", 10, align=Align.CENTRE)
    assert b"1 0 0 1 289.45 742 Tm" in page.content()
    assert re.search(rb"1 0 0 1 294\.7[23] 742 Tm", page.content())


def test_a_paragraph_keeps_its_width_and_loses_no_word() -> None:
    text = "Every pruner cuts a 12 mm ash dowel ten times before it is packed."
    lines = wrapped(text, 90, 9)
    assert len(lines) > 2
    assert " ".join(lines) == text
    assert all(text_width(line, 9) <= 90 for line in lines)


def test_brackets_and_backslashes_survive_in_a_document() -> None:
    page = Page()
    page.text((50, 50), r"a (b) \ c × 3")
    assert page_texts(pdf_file("t", [page])) == [[r"a (b) \ c × 3"]]
