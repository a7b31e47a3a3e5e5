"""Archives and mails opened into the files inside them, within limits that no archive can talk its way past.

Members are never written to disk under their own names, so a path like ../../x can do nothing; sizes are counted while
unpacking, whatever the directory of the archive claims; a bomb costs at most the limits below.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from ingestion.readers.email import parsed
from ingestion.sniffing import ARCHIVES, sniff
from tools.errors import UnreadableFile

CHUNK = 1 << 20
UTF8_NAME = 0x800
"""The flag of a zip member whose name says it is UTF-8."""
UNSEEN = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Per file brought in, everything nested in it together: members, bytes unpacked, bytes of one member, how often smaller
    than unpacked a member of more than `ratio_from` bytes may be, and how deep archives may nest."""

    members: int = 5_000
    total_bytes: int = 2 << 30
    member_bytes: int = 400_000_000
    ratio: int = 200
    ratio_from: int = 20 << 20
    depth: int = 4


@dataclass(frozen=True, slots=True)
class Member:
    """One file to be read: `name` shows the way to it ("pack.zip/2025/report.pdf"). Either `data` or the `error`."""

    name: str
    data: bytes = b""
    error: UnreadableFile | None = None


@dataclass(slots=True)
class _Budget:
    limits: ArchiveLimits
    members: int = 0
    bytes: int = 0
    stopped: bool = field(default=False)


def opened(name: str, data: bytes, limits: ArchiveLimits | None = None) -> Iterator[Member]:
    """The file itself, or the files inside it when it is an archive; attachments follow their mail. One bad member does not
    stop the others; a limit stops the rest of its archive with one error that says which."""
    yield from _opened(name, data, _Budget(limits or ArchiveLimits()), 0)


def _opened(name: str, data: bytes, budget: _Budget, depth: int) -> Iterator[Member]:
    try:
        form = sniff(data, name).format
    except UnreadableFile as error:
        yield Member(name, data, error)
        return
    if form == "email":
        yield Member(name, data)
        yield from _attachments(name, data, budget, depth)
        return
    if form not in ARCHIVES:
        yield Member(name, data)
        return
    if depth >= budget.limits.depth:
        yield Member(name, data, _bomb(name, f"archives nest deeper than {budget.limits.depth}"))
        return
    unpack = {"zip": _zip, "tar": _tar, "gzip": _gzip}[form]
    found = False
    try:
        for inner, content in unpack(name, data, budget):
            found = True
            if isinstance(content, UnreadableFile):
                yield Member(f"{name}/{inner}", b"", content)
                continue
            yield from _opened(f"{name}/{inner}", content, budget, depth + 1)
            if budget.stopped:
                return
    except UnreadableFile as error:
        budget.stopped = budget.stopped or error.reason == "archive_limit"
        yield Member(name, data, error)
        return
    except BROKEN as error:
        what = "the archive is damaged or cut short"
        yield Member(
            name, data, UnreadableFile(what, reason="truncated", where=name, fix=f"Pack it again ({type(error).__name__})")
        )
        return
    if not found:
        yield Member(name, data, UnreadableFile("the archive is empty", reason="empty", where=name, fix="Ask for it again"))


def _zip(name: str, data: bytes, budget: _Budget) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = [entry for entry in package.infolist() if not entry.is_dir()]
        declared = sum(entry.file_size for entry in entries)
        if declared > budget.limits.total_bytes - budget.bytes:
            raise _bomb(name, f"it says it unpacks to {declared:,} bytes")
        for entry in entries:
            shown = _shown(_named(entry))
            if shown is None:
                continue
            _count(name, budget)
            if entry.flag_bits & 0x1:
                where = f"{name}/{shown}"
                yield (
                    shown,
                    UnreadableFile(
                        "it is locked with a password", reason="encrypted", where=where, fix="Send it without a password"
                    ),
                )
                continue
            with package.open(entry) as stream:
                yield shown, _read(name, stream, budget, max(entry.compress_size, 1))


def _named(entry: zipfile.ZipInfo) -> str:
    """The member's name. Packers on Chinese machines write it in GBK without saying so, which the format reads as code page 437."""
    if entry.flag_bits & UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _common(text):
            return text
    return entry.filename


def _common(text: str) -> bool:
    """GB18030 takes almost any bytes: a name is believed to be Chinese when most of its characters are of the everyday set."""
    foreign = [ch for ch in text if not ch.isascii()]
    return 4 * sum(bool(ch.encode("gb2312", "ignore")) for ch in foreign) >= 3 * len(foreign)


def _tar(name: str, data: bytes, budget: _Budget) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    yield from _tar_stream(name, io.BytesIO(data), budget, len(data))


def _tar_stream(name: str, stream: IO[bytes], budget: _Budget, packed: int) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for entry in archive:
            shown = _shown(entry.name)
            if shown is None or entry.isdir():
                continue
            _count(name, budget)
            if not entry.isfile():
                continue  # links and devices hold no content of their own
            content = archive.extractfile(entry)
            if content is not None:
                yield shown, _read(name, content, budget, packed)


def _gzip(name: str, data: bytes, budget: _Budget) -> Iterator[tuple[str, bytes | UnreadableFile]]:
    head = gzip.GzipFile(fileobj=io.BytesIO(data)).read(1024)
    if head[257:262] == b"ustar":
        limited = _Counted(gzip.GzipFile(fileobj=io.BytesIO(data)), name, budget, len(data))
        yield from _tar_stream(name, limited, budget, len(data))  # type: ignore[arg-type]
        return
    _count(name, budget)
    inner = PurePosixPath(name).name
    inner = inner[:-3] if inner.lower().endswith(".gz") else f"{inner}.unpacked"
    yield inner, _read(name, gzip.GzipFile(fileobj=io.BytesIO(data)), budget, len(data))


class _Counted(io.RawIOBase):
    """Bytes of a gzip stream, stopped when they outgrow the limits: a tar of zeros between members is also counted."""

    def __init__(self, inner: gzip.GzipFile, name: str, budget: _Budget, packed: int) -> None:
        self._inner, self._name, self._budget, self._packed, self._seen = inner, name, budget, packed, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._inner.read(min(size, CHUNK) if size >= 0 else CHUNK)
        self._seen += len(piece)
        _check_ratio(self._name, self._seen, self._packed, self._budget)
        if self._seen > self._budget.limits.total_bytes:
            raise _bomb(self._name, f"it unpacks to more than {self._budget.limits.total_bytes:,} bytes")
        return piece


def _attachments(name: str, data: bytes, budget: _Budget, depth: int) -> Iterator[Member]:
    if depth >= budget.limits.depth:
        return
    try:
        parts = [part for part in parsed(data).walk() if part.get_filename() and not part.is_multipart()]
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # the stdlib parser on hostile headers
        what = "its attachments cannot be read"
        yield Member(
            f"{name}/attachments",
            b"",
            UnreadableFile(what, reason="truncated", where=name, fix=f"Ask for it again ({type(error).__name__})"),
        )
        return
    for part in parts:
        shown = _shown(str(part.get_filename())) or "attachment"
        try:
            _count(name, budget)
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes) or not content:
                continue
            budget.bytes += len(content)
            yield from _opened(f"{name}/{shown}", content, budget, depth + 1)
        except UnreadableFile as error:
            yield Member(f"{name}/{shown}", b"", error)
            return
        if budget.stopped:
            return


def _read(name: str, stream: IO[bytes] | gzip.GzipFile, budget: _Budget, packed: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        budget.bytes += len(piece)
        if size > budget.limits.member_bytes:
            raise _bomb(name, f"one member unpacks to more than {budget.limits.member_bytes:,} bytes")
        if budget.bytes > budget.limits.total_bytes:
            raise _bomb(name, f"it unpacks to more than {budget.limits.total_bytes:,} bytes")
        _check_ratio(name, size, packed, budget)
        parts.append(piece)
    return b"".join(parts)


def _check_ratio(name: str, size: int, packed: int, budget: _Budget) -> None:
    if size > budget.limits.ratio_from and size > budget.limits.ratio * packed:
        raise _bomb(name, f"a member grows more than {budget.limits.ratio} times when unpacked")


def _count(name: str, budget: _Budget) -> None:
    budget.members += 1
    if budget.members > budget.limits.members:
        raise _bomb(name, f"it holds more than {budget.limits.members:,} files")


def _bomb(name: str, what: str) -> UnreadableFile:
    return UnreadableFile(what, reason="archive_limit", where=name, fix="Unpack it by hand and send the files that matter")


def _shown(raw: str) -> str | None:
    """A safe label: no absolute path, no "..", nothing hidden."""
    if any(raw.startswith(part) or raw.endswith(part) for part in UNSEEN):
        return None
    parts = [part for part in raw.replace("\\", "/").replace("\x00", "").split("/") if part not in ("", ".", "..")]
    if not parts or parts[-1].startswith("."):
        return None
    return "/".join(parts)[-240:]
