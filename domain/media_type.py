"""What a file is by its first bytes, and a name for it that harms nobody: what the sender claims counts for nothing.

Signatures: the formats' own specifications, as collected in the WHATWG's MIME Sniffing standard.
"""

import re
import unicodedata

UNKNOWN = "application/octet-stream"
LONGEST_NAME = 80
# What we make ourselves out of pictures; nothing else may be shown inside a page.
SHOWN = frozenset({"image/jpeg", "image/png"})

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"\x02#!SILK", "audio/silk"),
    (b"#!SILK", "audio/silk"),
    (b"ID3", "audio/mpeg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PK\x03\x04", "application/zip"),
)
# Names of a document's parts, which stand in clear in its archive.
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_HEIF = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
_ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/pdf": (".pdf",),
    "audio/amr": (".amr",),
    "audio/silk": (".silk",),
    "audio/mpeg": (".mp3",),
    "video/mp4": (".mp4", ".mov", ".m4v"),
    "application/zip": (".zip",),
    "application/x-ole-storage": (".doc", ".xls", ".ppt", ".wps", ".et"),
    _OFFICE[0][1]: (".docx",),
    _OFFICE[1][1]: (".xlsx",),
    _OFFICE[2][1]: (".pptx",),
}
_PLAIN_ENDING = ".bin"
# Texts and archives that open nothing by themselves keep their ending although their bytes say little.
_HARMLESS = (_PLAIN_ENDING, ".txt", ".csv", ".rar", ".7z", ".ofd", ".dwg", ".dxf")


def type_of(content: bytes) -> str:
    """The media type by what the content is; `application/octet-stream` when nothing tells."""
    if content[4:8] == b"ftyp":
        return "image/heif" if content[8:12] in _HEIF else "video/mp4"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    found = next((name for start, name in _STARTS if content.startswith(start)), UNKNOWN)
    if found == "application/zip":
        return next((name for part, name in _OFFICE if part in content), found)
    return found


def is_picture(content_type: str) -> bool:
    """Whether it is a picture of any format, with what its camera may have written into it."""
    return content_type.startswith("image/")


def safe_name(claimed: str, content_type: str, fallback: str) -> str:
    """A file name without folders, control or direction characters, whose ending says what the content is.

    `fallback` is the name where nothing is left of what was claimed.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", claimed))[-1]
    kept = "".join(letter for letter in name if _is_plain(letter)).lstrip().rstrip(" .")
    endings = _ENDINGS.get(content_type, ())
    stem, dot, ending = kept.rpartition(".")
    told = f".{ending.lower()}" if dot else ""
    if not dot:
        stem = kept
    if told not in endings and not (content_type == UNKNOWN and told in _HARMLESS):
        # What it claimed stays readable in front: 发票.exe becomes 发票_exe.bin.
        stem = kept.replace(".", "_") if told and not endings else stem
        told = endings[0] if endings else _PLAIN_ENDING
    stem = stem.replace(".", "_").strip(" _")[: LONGEST_NAME - len(told)]
    return f"{stem or fallback}{told}"


def _is_plain(letter: str) -> bool:
    return letter == " " or (letter not in '<>:"|?*%' and unicodedata.category(letter)[0] not in "CZ")
