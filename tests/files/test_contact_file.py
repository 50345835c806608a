"""Lists as users have them: any encoding, delimiter and header, and every fault with its line."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.contact_list import ContactList
from sequencer.core.csv_text import csv_text
from sequencer.core.one_line import one_line
from sequencer.errors import FaultyInput, InputError
from sequencer.files.contact_file import clean_cell, read_contact_file
from sequencer.files.delimited import find_delimiter
from tests.files.sheets import xlsx

Write = Callable[[str | bytes], Path]

CHINESE = "公司,邮箱,国家,联系人,备注\n上海进出口有限公司,li@sh.example,中国,李雷,展会名片\n"
WESTERN = (
    "email,name,company\njose@x.example,José García,Müller & Söhne\nf@x.example,François Lefèvre,Café Noël\n"
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def values(listed: ContactList) -> list[dict[str, str]]:
    return [dict(row.values) for row in listed.rows]


def faults(path: Path, **options: object) -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        read_contact_file(path, **options)  # type: ignore[arg-type]
    return [str(fault).replace(str(path), "list") for fault in caught.value.faults]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_chinese_lists_are_read_in_every_encoding_they_come_in(write: Write, encoding: str) -> None:
    listed = read_contact_file(write(CHINESE.encode(encoding)))
    assert values(listed) == [
        {
            "company": "上海进出口有限公司",
            "address": "li@sh.example",
            "country": "中国",
            "name": "李雷",
            "note": "展会名片",
        }
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"),
        ("email,company,note\na@x.example,Luso Tools,展会名片\nb@x.example,Foo,报价\n", "gb18030"),
        ("公司,郵箱,國家\n台灣貿易公司,li@tw.example,台灣\n", "big5"),
        ("会社名,メール,国\n東京商事株式会社,info@tokyo.example,日本\n", "cp932"),
        ("회사,이메일,국가\n서울무역,kim@seoul.example,한국\n", "cp949"),
        ("email,имя,компания\na@x.example,Иван Петров,ООО Ромашка\n", "cp1251"),
        (WESTERN, "cp1252"),
    ],
)
def test_a_guessed_encoding_is_right_said_and_shown_with_rows(write: Write, text: str, encoding: str) -> None:
    listed = read_contact_file(write(text.encode(encoding)))
    assert f"the encoding looks like {encoding}" in listed.guesses[0]
    assert listed.samples == listed.rows[:3]
    cells = [cell for line in text.splitlines()[1:] for cell in line.split(",")]
    assert [cell for row in listed.rows for cell in row.cells] == cells


def test_proven_encodings_are_not_called_guesses(write: Write) -> None:
    assert read_contact_file(write(CHINESE)).guesses == ()
    assert read_contact_file(write(CHINESE.encode("utf-16"))).guesses == ()


def test_a_given_encoding_overrules_the_guess(write: Write) -> None:
    turkish = "email,name\na@x.example,Şükrü Işık\n".encode("cp1254")
    assert values(read_contact_file(write(turkish), encoding="windows-1254"))[0]["name"] == "Şükrü Işık"


def test_bytes_that_are_not_of_the_given_encoding_are_placed(write: Write) -> None:
    path = write("email,name\na@x.example,ok\nb@x.example,José\n".encode("cp1252"))
    assert "list:3: is not utf-8: byte 0xe9" in faults(path, encoding="utf-8")[0]


def test_one_broken_byte_in_utf8_is_placed_and_not_guessed_away(write: Write) -> None:
    path = write("email,name\na@x.example,Müller ÄÖÜ ñ ß\nb@x.example,Jos".encode() + b"\xe9\n")
    assert "list:3: is not utf-8: byte 0xe9" in faults(path)[0]


def test_an_unknown_encoding_is_named(write: Write) -> None:
    with pytest.raises(InputError, match="there is no encoding 'utf-88'"):
        read_contact_file(write("email\n"), encoding="utf-88")


@pytest.mark.parametrize("data", [b"email\n\x01\x02\xff\xfe\x03", b"\x89PNG\r\n\x1a\n\xff\x00\x01"])
def test_a_file_that_is_no_text_is_refused(write: Write, data: bytes) -> None:
    assert "not a text file" in faults(write(data))[0]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write: Write, sign: str) -> None:
    rows = [
        ("email", "name", "company"),
        ("a@x.example", '"Silva, Ana; Dr | x"', "Luso"),
        ("b@x.example", "Bo", "Foo"),
    ]
    listed = read_contact_file(write("\n".join(sign.join(row) for row in rows)))
    assert values(listed)[0] == {"address": "a@x.example", "name": "Silva, Ana; Dr | x", "company": "Luso"}
    assert any("cells are split" in guess for guess in listed.guesses) is (sign != ",")


@pytest.mark.parametrize(
    "text", ["email\nlee@example.example\nette@x.example\n", "邮箱\nlee@x.example\n", ""]
)
def test_a_single_column_has_no_delimiter(text: str) -> None:
    assert find_delimiter(text) == ","


def test_a_column_of_addresses_needs_no_header(write: Write) -> None:
    listed = read_contact_file(write("a@x.example\nb@x.example\n"))
    assert [row.values["address"] for row in listed.rows] == ["a@x.example", "b@x.example"]
    assert [row.line for row in listed.rows] == [1, 2]
    assert "no header" in listed.guesses[0]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-mail", "address"),
        ("Email/邮箱", "address"),
        ("客户邮箱", "address"),
        ("公司 Company", "company"),
        ("公司名称（Company）", "company"),
        ("First Name", "first_name"),
        ("Job Title", "title"),
        ("网址", "website"),
        ("国家", "country"),
        ("省份", "state"),
        ("城市", "city"),
        ("时区", "zone"),
        ("语言", "language"),
        ("来源", "source"),
        ("标签", "tags"),
        ("备注", "note"),
        ("负责人", "owner"),
        ("客户编号", "external_id"),
        ("ID", "external_id"),
        ("is_key_account", "is_key_account"),
        ("Product line", "extra.product_line"),
        ("extra.product", "extra.product"),
        ("No.", "extra.no"),
        ("序号", "extra.序号"),
        ("2024 sales", "extra.c_2024_sales"),
        ("rejected_reason", None),
    ],
)
def test_headers_are_known_in_both_languages(write: Write, header: str, field: str | None) -> None:
    other = "Product" if field == "address" else "Mail address"
    listed = read_contact_file(write(f'"{header}",{other}\nx@y.example,a@x.example\n'))
    assert listed.columns[0] == field


def test_of_two_columns_for_one_field_the_surer_wins_and_it_is_said(write: Write) -> None:
    listed = read_contact_file(write("手机,电话,email\n138,021,a@x.example\n"))
    assert values(listed)[0] == {"extra.手机": "138", "phone": "021", "address": "a@x.example"}
    assert "'电话' is taken for phone, '手机' for an extra column" in listed.guesses[0]


def test_a_street_called_address_is_no_mail_address(write: Write) -> None:
    listed = read_contact_file(write("Address,E-post\nMain Street 1,a@x.example\n"))
    assert listed.columns == ("extra.address", "address")
    assert "'E-post' is taken for address" in listed.guesses[0]


def test_a_map_comes_before_the_header(write: Write) -> None:
    maps = [("email", "extra.old"), ("Work", "address"), ("junk", "skip")]
    listed = read_contact_file(write("email,Work,junk\na@x.example,b@x.example,1\n"), maps=maps)
    assert values(listed) == [{"extra.old": "a@x.example", "address": "b@x.example"}]


def test_every_fault_of_the_header_is_named_at_once(write: Write) -> None:
    path = write("Email,Company,company,Phone\na@x.example,A,B,1\n")
    found = faults(path, maps=[("Phon", "phone"), ("Phone", "phones")])
    assert found == [
        "list:1: --map: there is no column 'Phon' (did you mean 'Phone'?)",
        "list:1: --map: there is no field 'phones' (did you mean phone?)",
        "list:1: columns 2 and 3 are both called 'company' (rename one of them)",
    ]


def test_a_list_without_addresses_says_how_to_name_their_column(write: Write) -> None:
    (fault,) = faults(write("Company,Phone\nA,1\n"))
    assert fault.startswith("list:1: no column is the address; the columns are: 'Company', 'Phone'")
    assert fault.endswith("(name it with --map COLUMN=address)")


def test_a_title_above_the_header_is_pointed_out(write: Write) -> None:
    found = faults(write("Customers 2026,,\n\nCompany,Email,Tel\nA,a@x.example,1\n"))
    assert found[-1] == "list:3: the header seems to be here (remove the lines above it)"


@pytest.mark.parametrize("content", ["", "\n\n", " , ,\n", "\ufeff"])
def test_an_empty_file_is_a_fault(write: Write, content: str) -> None:
    assert faults(write(content)) == ["list: the file is empty"]


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_contact_file(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_contact_file(tmp_path)


def test_quotes_that_never_close_are_placed_where_they_open(write: Write) -> None:
    path = write('email,name\na@x.example,Ana\nb@x.example,"Bo\nc@x.example,Cy\n')
    (fault,) = faults(path)
    assert fault.startswith('list:3: a quote (") is opened and never closed (write a quote')


def test_each_stray_quote_is_a_fault_of_its_own(write: Write) -> None:
    path = write('email,name\na@x.example,"An"a\nb@x.example,Bo\nc@x.example,"C"y\n')
    assert [fault.partition(" (")[0] for fault in faults(path)] == [
        "list:2: a quote",
        "list:4: a quote",
    ]


def test_a_long_row_has_a_fault_and_a_short_one_blanks(write: Write) -> None:
    listed = read_contact_file(write("email,name\na@x.example\nb@x.example,Bo,x\nc@x.example,Cy,,\n"))
    assert [row.fault for row in listed.rows] == ["", "has 3 cells where the header has 2", ""]
    assert [row.line for row in listed.rows] == [2, 3, 4]


def test_lines_are_counted_through_cells_of_several_lines_and_empty_rows(write: Write) -> None:
    listed = read_contact_file(write('email,note\r\n\r\na@x.example,"one\r\ntwo"\r\nb@x.example,x\r\n'))
    assert [(row.line, row.values["note"]) for row in listed.rows] == [(3, "one two"), (5, "x")]


def test_control_characters_are_removed_and_noted_and_formulas_are_data(write: Write) -> None:
    listed = read_contact_file(
        write('email,name,note\na@x.example,A\0n\u202ea,=1+1\nb@x.example,@Bo,"+49\t30"\n')
    )
    assert [dict(row.values) for row in listed.rows] == [
        {"address": "a@x.example", "name": "Ana", "note": "=1+1"},
        {"address": "b@x.example", "name": "@Bo", "note": "+49 30"},
    ]
    assert listed.rows[0].notes == ("control characters removed from name",)


@given(st.text(max_size=50))
def test_a_cleaned_cell_is_one_visible_line(text: str) -> None:
    cleaned, _ = clean_cell(text)
    assert len(cleaned.splitlines()) <= 1
    assert not any(character in cleaned for character in "\0\r\n\t\u202e\u200b\x7f\x85")
    assert cleaned == cleaned.strip()


@given(
    st.lists(st.lists(st.text("ab=+-@'\",;\n", max_size=6), min_size=2, max_size=2), min_size=1, max_size=4)
)
def test_what_we_write_for_excel_holds_no_formula_and_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("excel") / "out.csv"
    text = csv_text(["email", "note"], [["a@x.example", *row] for row in rows])
    path.write_text(text, encoding="utf-8", newline="")
    with path.open(encoding="utf-8-sig", newline="") as file:
        raw = list(csv.reader(file))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in raw for cell in row)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    for row, written in zip(raw[1:], rows, strict=True):
        # What is kept of a contact is one line; such a text comes back to the letter.
        read = [clean_cell(cell)[0] for cell in row[1:]]
        assert [one for one, was in zip(read, written, strict=True) if one_line(was)[0] == was] == [
            was for was in written if one_line(was)[0] == was
        ]


BOOK = {
    "Buyers": [
        ("Email", "Tel", "Met", "Turnover", "VIP", "Note"),
        ("a@x.example", 8613800000000, date(2025, 12, 9), 1.5, True, None),
        (None, None, None, None, None, None),
        ("b@x.example", 7, None, 1200000.0, False, "王 & <Co>"),
    ],
    "Old": [("Email",), ("c@x.example",)],
}


def test_a_workbooks_numbers_and_dates_read_as_a_person_writes_them(write: Write) -> None:
    listed = read_contact_file(write(xlsx(BOOK)))
    first, second = values(listed)
    assert first == {
        "address": "a@x.example",
        "phone": "8613800000000",
        "extra.met": "2025-12-09",
        "extra.turnover": "1.5",
        "is_key_account": "yes",
    }
    assert second == {
        "address": "b@x.example",
        "phone": "7",
        "extra.turnover": "1200000",
        "is_key_account": "no",
        "note": "王 & <Co>",
    }
    assert [row.line for row in listed.rows] == [2, 4]
    assert "sheet 'Buyers' is read, the first of 2" in listed.guesses[0]


def test_a_sheet_is_chosen_by_name(write: Write) -> None:
    listed = read_contact_file(write(xlsx(BOOK)), sheet="Old")
    assert values(listed) == [{"address": "c@x.example"}]
    assert listed.guesses == ()


def test_a_missing_sheet_a_broken_workbook_and_a_sheet_of_a_text_are_refused(write: Write) -> None:
    with pytest.raises(InputError, match="no sheet 'New'"):
        read_contact_file(write(xlsx(BOOK)), sheet="New")
    with pytest.raises(InputError, match="workbook cannot be read"):
        read_contact_file(write(xlsx(BOOK)[:300]))
    with pytest.raises(InputError, match="--sheet is for workbooks"):
        read_contact_file(write("email\n"), sheet="x")
