"""Only UTF-8 is read; what something else looks like is said."""

from pathlib import Path

import pytest

from sequencer.errors import FaultyInput
from sequencer.files.text_file import guessed_encoding, read_text


@pytest.mark.parametrize(
    ("text", "codec", "guess"),
    [
        ("您好，我们是宁波的工具厂。", "gbk", "GBK (GB18030)"),
        ("主题: 你好", "gb18030", "GBK (GB18030)"),
        ("me: 王", "gbk", "GBK (GB18030)"),
        ("subject: hello", "utf-16", "UTF-16"),
    ],
)
def test_the_likely_encoding_is_named(text: str, codec: str, guess: str) -> None:
    assert guessed_encoding(text.encode(codec)) == guess


@pytest.mark.parametrize("text", ["Müller grüßt für Ärzte", "Señor Núñez"])
def test_western_text_is_not_taken_for_chinese(text: str) -> None:
    assert guessed_encoding(text.encode("cp1252")) != "GBK (GB18030)"


def test_line_ends_and_byte_order_mark_are_evened_out(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert read_text(tmp_path / "a", "a") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"ok\nB\xfcro\n", "a:2: the file is not UTF-8"),
        (b"a\0b", "a: the file is not text"),
        (b"x" * 101, "a: the file has 101 bytes, more than the 100 allowed"),
    ],
)
def test_what_cannot_be_read_is_a_fault(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(FaultyInput) as caught:
        read_text(tmp_path / "a", "a", max_bytes=100)
    assert str(caught.value).startswith(fault)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FaultyInput, match="cannot be read"):
        read_text(tmp_path, "a")
