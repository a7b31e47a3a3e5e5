"""Thousands of spoiled files through the readers: none may crash them, hang them or swell their memory.

    python -m eval.fuzzing FOLDER --cases 10000

Files of FOLDER are cut, have bytes flipped, blocks repeated, removed or swapped with another file's, numbers in them made absurd, and
are packed into archives that lie. Each goes to a reader process under the limits of time of the pipeline; a refusal with a
message is right, a crash, an overrun or an unexpected error is not. The same seed gives the same cases.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.reader_pool import Outcome, ReaderPool, Task, TimeLimits
from ingestion.scans.engine import EngineName

BAD = ("timeout", "crashed", "reader_error")
MOST_BYTES = 1_500_000
"""Longer files are left out: a spoiled long file says no more than a spoiled short one and takes longer."""
LIMITS = TimeLimits(page_seconds=30, scan_seconds=120, statement_seconds=60, file_seconds=120, scan_file_seconds=240)
_NUMBER = re.compile(rb"(?<![\d.])\d{1,6}(?![\d.])")


@dataclass(slots=True)
class Findings:
    """How the cases ended, by reason (ok, partial, or why refused), the bad ones kept, and the slowest case."""

    ended: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[str, bytes, str]] = field(default_factory=list)
    slowest: float = 0.0


def spoiled(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """`data` after one to three accidents."""
    for _ in range(chance.randint(1, 3)):
        if not data:
            break
        data = chance.choice((_cut, _flipped, _repeated, _removed, _swapped, _absurd, _zipped))(data, other, chance)
    return data


def _cut(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flipped(data: bytes, other: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 4, 32, 256))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def _repeated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at : at + chance.randrange(1, 4096)] * chance.randrange(2, 9) + data[at:]


def _removed(data: bytes, other: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 4096) :]


def _swapped(data: bytes, other: bytes, chance: random.Random) -> bytes:
    if not other:
        return data
    at, there = chance.randrange(len(data)), chance.randrange(len(other))
    length = chance.randrange(1, 8192)
    return data[:at] + other[there : there + length] + data[at + length :]


def _absurd(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Counts, sizes and offsets made huge, negative or zero: page sizes, lengths, numbers of rows."""
    spots = list(_NUMBER.finditer(data[:400_000]))
    if not spots:
        return data
    spot = chance.choice(spots)
    value = chance.choice((b"0", b"-1", b"2147483647", b"99999999999999999999", b"1e308", b"4294967296"))
    return data[: spot.start()] + value + data[spot.end() :]


def _zipped(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Inside an Office file: one part spoiled, the rest whole."""
    if not data.startswith(b"PK"):
        return _flipped(data, other, chance)
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
            names = whole.namelist()
            hurt = chance.choice(names) if names else ""
            for name in names:
                part = whole.read(name)
                out.writestr(name, _absurd(_flipped(part, other, chance), other, chance) if name == hurt and part else part)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, MemoryError):
        return _flipped(data, other, chance)
    except Exception:  # a spoiled archive may fail in any way its library likes; the case is then made otherwise
        return _flipped(data, other, chance)
    return stream.getvalue()


def cases(folder: Path, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of `count` spoiled files."""
    chance = random.Random(seed)
    found = sorted(p for p in folder.rglob("*") if p.is_file() and 0 < p.stat().st_size <= MOST_BYTES)
    by_kind: dict[str, list[Path]] = {}
    for path in found:
        by_kind.setdefault(path.suffix.lower(), []).append(path)
    for _ in range(count):
        path = chance.choice(by_kind[chance.choice(sorted(by_kind))])
        other = chance.choice(found)
        yield path.name, spoiled(path.read_bytes(), other.read_bytes(), chance)


def fuzz(
    folder: Path, count: int, *, seed: int = 1, workers: int = 2, engine: EngineName = "none", kind: str | None = None
) -> Findings:
    """Reads `count` spoiled files; progress on standard error."""
    findings = Findings()
    kept: dict[int, tuple[str, bytes]] = {}
    began = time.monotonic()
    with ReaderPool(workers, LIMITS, lambda *_: None) as pool:
        for token, (name, data) in enumerate(cases(folder, count, seed)):
            kept[token] = (name, data)
            pool.submit(Task(token, name, data, kind, (), engine))
            while len(kept) >= 4 * workers:
                _note(pool.next(), kept, findings)
            if token % 250 == 249:
                rate = (token + 1) / (time.monotonic() - began)
                sys.stderr.write(f"{token + 1} of {count} cases, {rate:.0f} a second, {len(findings.bad)} bad\n")
        while kept:
            _note(pool.next(), kept, findings)
    return findings


def _note(outcome: Outcome, kept: dict[int, tuple[str, bytes]], findings: Findings) -> None:
    name, data = kept.pop(outcome.token)
    extraction = outcome.extraction
    if extraction is not None:
        reason = str(extraction.details.get("reason", "refused")) if extraction.status == "rejected" else extraction.status
        text = extraction.messages[0].text if extraction.messages else ""
    else:
        assert outcome.error is not None
        reason, text = outcome.error.reason, str(outcome.error)
    findings.ended[reason] += 1
    findings.slowest = max(findings.slowest, outcome.seconds)
    if reason in BAD:
        findings.bad.append((name, data, text))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints how the cases ended; exit 1 when one ended badly, its file kept for a look."""
    parser = argparse.ArgumentParser(prog="python -m eval.fuzzing", description="Spoiled files through the readers")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="where the files of bad cases are written")
    options = parser.parse_args(arguments)
    findings = fuzz(options.folder, options.cases, seed=options.seed, workers=options.workers)
    ended = ", ".join(f"{count} {reason}" for reason, count in findings.ended.most_common())
    sys.stdout.write(f"{sum(findings.ended.values())} cases: {ended}; the slowest took {findings.slowest:.1f} s\n")
    folder = options.keep or Path(tempfile.gettempdir())
    for number, (name, data, text) in enumerate(findings.bad):
        path = folder / f"bad_{number:03d}_{name}"
        path.write_bytes(data)
        sys.stdout.write(f"    {path}: {text}\n")
    return 1 if findings.bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
