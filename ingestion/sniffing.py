"""What a file is by its first bytes, whatever its name says.

Borrowers send DOCX files called .pdf and web pages called .doc. The content decides how a file is read; a name that says
otherwise is reported, and content nobody can read here is refused with what to send instead.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from tools.errors import UnreadableFile

SUFFIXES = {
    "pdf": {".pdf"},
    "docx": {".docx"},
    "xlsx": {".xlsx", ".xlsm"},
    "xls": {".xls"},
    "html": {".html", ".htm", ".xhtml"},
    "markdown": {".md", ".markdown"},
    "text": {".txt", ".text", ".log"},
    "csv": {".csv", ".tsv"},
    "email": {".eml"},
    "image": {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"},
    "zip": {".zip"},
    "tar": {".tar", ".tgz", ".tar.gz"},
    "gzip": {".gz"},
}
ARCHIVES = frozenset({"zip", "tar", "gzip"})
READABLE = frozenset({"pdf", "docx", "xlsx", "xls", "html", "markdown", "text", "csv", "email"})
PLAIN = frozenset({"html", "markdown", "text", "csv", "email"})
"""Formats that are all characters: the name may pick among them."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
MAIL_HEADER = re.compile(rb"(?im)^(from|to|subject|date|mime-version|received|message-id):[ \t]\S")
TAG = re.compile(rb"(?is)<(!doctype\s+html|html|head|body|table|div|p|pre)\b")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`format` is how the content is read; `note` is a warning when the name says something else, else empty."""

    format: str
    note: str = ""


def sniff(data: bytes, name: str) -> Sniffed:
    """The format of `data`. Raises UnreadableFile (empty, mislabelled, unsupported) when nothing here reads it."""
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise UnreadableFile("the file is empty", reason="empty", where=name, fix="Ask the sender for the file again")
    found = _by_content(data, name)
    named = _by_name(name)
    if found == "broken_zip":
        if named in ("docx", "xlsx"):
            raise UnreadableFile("the file is damaged or cut short", reason="truncated", where=name, fix="Ask for it again")
        found = "zip"  # the archive reader says what is broken
    if found in ("rar", "7z", "bzip2", "xz", "bmp", "doc", "ppt", "office", "binary", "encrypted_office"):
        raise _refused(found, name, named)
    if named is None or named == found:
        return Sniffed(found)
    if found in PLAIN and named in PLAIN:
        return Sniffed(found if found in ("html", "email") else named)
    if found in PLAIN and named not in PLAIN:
        if found == "html" and named in ("xls", "docx"):
            return Sniffed("html", f"named {PurePath(name).suffix} but it is a web page; read as HTML")
        raise UnreadableFile(
            f"named {PurePath(name).suffix} but the content is {_plain_word(found)}, not {named}",
            reason="mislabelled", where=name, fix="Ask the sender for the original file",
        )  # fmt: skip
    return Sniffed(found, f"named {PurePath(name).suffix or 'without suffix'} but it is {found}; read as {found}")


def _by_content(data: bytes, name: str) -> str:
    head = data[:4096]
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _inside_zip(data)
    if head.startswith(OLE):
        return _inside_ole(data, name)
    for magic, form in MAGIC:
        if head.startswith(magic):
            return form
    if data[257:262] == b"ustar":
        return "tar"
    if _looks_binary(head):
        return "binary"
    if TAG.search(head) and head.count(b"<") >= 2:
        return "html"
    if len(set(m.lower() for m in MAIL_HEADER.findall(head[:2048]))) >= 3:
        return "email"
    return "text"


def _inside_zip(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "broken_zip"
    listed = set(names)
    if "word/document.xml" in listed:
        return "docx"
    if "xl/workbook.xml" in listed:
        return "xlsx"
    if "[Content_Types].xml" in listed:
        return "office"
    return "zip"


def _inside_ole(data: bytes, name: str) -> str:
    wide = {key: key.encode("utf-16-le") for key in ("EncryptedPackage", "WordDocument", "Workbook", "Book", "PowerPoint")}
    present = [key for key, raw in wide.items() if raw in data]
    if "EncryptedPackage" in present:
        return "encrypted_office"
    if "WordDocument" in present:
        return "doc"
    if "Workbook" in present or "Book" in present:
        return "xls"
    return "ppt" if "PowerPoint" in present else ("xls" if name.lower().endswith(".xls") else "binary")


def _looks_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    return b"\x00" in head or control * 50 > len(head)


def _by_name(name: str) -> str | None:
    lower = name.lower()
    if lower.endswith((".tar.gz", ".tgz")):
        return "gzip"
    suffix = PurePath(lower).suffix
    return next((form for form, suffixes in SUFFIXES.items() if suffix in suffixes), None)


def _plain_word(form: str) -> str:
    return {"text": "plain text", "html": "a web page", "email": "an e-mail"}.get(form, form)


def _refused(found: str, name: str, named: str | None) -> UnreadableFile:
    if found == "encrypted_office":
        return UnreadableFile(
            "the Office file is encrypted", reason="encrypted", where=name, fix="Ask for it without a password"
        )
    if found in ("doc", "ppt", "office"):
        word = {
            "doc": "an old Word file (.doc)",
            "ppt": "an old PowerPoint file",
            "office": "an Office file other than DOCX or XLSX",
        }
        return UnreadableFile(
            f"it is {word[found]}", reason="unsupported", where=name, fix="Save it as DOCX or PDF and send it again"
        )
    if found == "broken_zip":
        if named in ("docx", "xlsx"):
            raise UnreadableFile("the file is damaged or cut short", reason="truncated", where=name, fix="Ask for it again")
        found = "zip"  # the archive reader says what is broken
    if found in ("rar", "7z", "bzip2", "xz"):
        return UnreadableFile(
            f"{found} archives are not unpacked", reason="unsupported", where=name, fix="Pack the files as ZIP or TAR.GZ"
        )
    if named:
        return UnreadableFile(
            f"named {PurePath(name).suffix} but the content is not {named}", reason="mislabelled", where=name,
            fix="The file is damaged or mislabelled: ask the sender for it again",
        )  # fmt: skip
    return UnreadableFile(
        "the content is of no known kind",
        reason="unsupported",
        where=name,
        fix="Send PDF, DOCX, XLSX, HTML, Markdown, text or e-mail",
    )
