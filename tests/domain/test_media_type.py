"""What a file is called and taken for, whatever its sender says."""

import pytest

from domain.media_type import UNKNOWN, safe_name, type_of

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (b"", UNKNOWN),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", UNKNOWN),
        (b"\0\0\0\x18ftypheic", "image/heif"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"%PDF-1.7", PDF),
        (b"PK\x03\x04 word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04 xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04 photos", "application/zip"),
        (b"<html>", UNKNOWN),
        (b"MZ\x90", UNKNOWN),
        (b"BMW\xe7\x9a\x84\xe5\x90\x8d\xe5\x8d\x95", UNKNOWN),
    ],
)
def test_a_file_is_what_its_bytes_are(content: bytes, type_: str) -> None:
    assert type_of(content) == type_


@pytest.mark.parametrize(
    ("claimed", "type_", "shown"),
    [
        ("合同.pdf", PDF, "合同.pdf"),
        ("IMG_1.JPEG", "image/jpeg", "IMG_1.jpeg"),
        ("名单.csv", UNKNOWN, "名单.csv"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("C:\\windows\\合同.pdf", PDF, "合同.pdf"),
        ("发票.pdf.exe", PDF, "发票_pdf.pdf"),
        ("发票.exe", UNKNOWN, "发票_exe.bin"),
        ("page.html", UNKNOWN, "page_html.bin"),
        ("\u202efdp.exe", PDF, "fdp.pdf"),
        ("..", PDF, "文件.pdf"),
        ("", UNKNOWN, "文件.bin"),
        ("a\0b\r\nSet-Cookie: x.pdf", PDF, "abSet-Cookie x.pdf"),
        ("长" * 300 + ".pdf", PDF, "长" * 76 + ".pdf"),
        ("\ud800.pdf", PDF, "文件.pdf"),
    ],
)
def test_its_name_says_what_it_is_and_harms_nobody(claimed: str, type_: str, shown: str) -> None:
    assert safe_name(claimed, type_, "文件") == shown
