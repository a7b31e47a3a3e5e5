"""Scans made from digital filings whose values are known, and how many of those values are read from them.

    python -m eval.scanned                          # the truth pages of ../shared/filings, every kind of scan
    python -m eval.scanned --engine tesseract --kinds skewed
    python -m eval.scanned ../shared/filings/more --digital

Each filing's statement pages become pictures as an office scanner or a phone makes them; the pictures alone are put into a PDF.
Deterministic: the same file, kind and seed give the same pixels.
"""

from __future__ import annotations

import argparse
import io
import math
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageFilter
import pypdfium2 as pdfium

from eval.extraction import SHARED, SURE, FileScore, Report, Truth, read_file, read_truth, score_file, table
from ingestion.scans.engine import ENGINES, EngineName


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a page is spoiled: resolution, degrees of skew (drawn within), noise (standard deviation in shades), blur in pixels, JPEG
    quality, grey or black and white, uneven light, specks per million pixels."""

    dpi: int = 200
    skew: float = 0.0
    noise: float = 0.0
    blur: float = 0.0
    quality: int = 80
    bilevel: bool = False
    shade: float = 0.0
    specks: int = 0
    turn: int = 0
    lines: int = 0
    """Dots an inch down the page where a fax sends fewer than across."""
    tilt: float = 0.0
    """Degrees a phone is held from level: the far edge comes out narrower."""


SCANNERS: dict[str, Scanner] = {
    "clean": Scanner(),
    "skewed": Scanner(skew=3.0, noise=6, quality=75),
    "noisy": Scanner(skew=1.0, noise=18, blur=0.6, quality=55, specks=120),
    "fax": Scanner(skew=1.0, bilevel=True, specks=60, quality=95),
    "phone": Scanner(skew=2.0, noise=8, blur=0.8, quality=60, shade=0.35),
    "coarse fax": Scanner(skew=1.0, bilevel=True, specks=30, quality=95, lines=100),
    "photo": Scanner(skew=1.0, noise=8, blur=0.6, quality=70, shade=0.3, tilt=4.0),
    "sideways": Scanner(skew=0.5, noise=4, turn=90),
}


def scanned(picture: PIL.Image.Image, scanner: Scanner, seed: str) -> bytes:
    """The picture of a page as `scanner` would deliver it, a JPEG."""
    chance = random.Random(seed)
    grey = picture.convert("L")
    if scanner.skew:
        angle = chance.uniform(-scanner.skew, scanner.skew)
        grey = grey.rotate(angle, resample=PIL.Image.Resampling.BICUBIC, fillcolor=255)
    if scanner.tilt:
        grey = _held_askew(grey, chance.uniform(-scanner.tilt, scanner.tilt))
    if scanner.blur:
        grey = grey.filter(PIL.ImageFilter.GaussianBlur(scanner.blur))
    shades: Any = np.asarray(grey, dtype=np.float32)
    drawn = np.random.default_rng(chance.randrange(2**32))
    if scanner.shade:
        across = np.linspace(0, math.pi, shades.shape[1], dtype=np.float32)
        shades = shades * (1 - scanner.shade * (1 - np.sin(across)) * np.linspace(1, 0.4, shades.shape[0])[:, None])
    if scanner.noise:
        shades = shades + drawn.normal(0, scanner.noise, shades.shape)
    if scanner.specks:
        for _ in range(int(scanner.specks * shades.size / 1e6)):
            y, x = int(drawn.integers(0, shades.shape[0] - 2)), int(drawn.integers(0, shades.shape[1] - 2))
            shades[y : y + int(drawn.integers(1, 3)), x : x + int(drawn.integers(1, 3))] = float(drawn.choice([20, 240]))
    if scanner.bilevel:
        shades = np.where(shades < 150, 0, 255)
    out = PIL.Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8))
    if scanner.lines:
        sent = out.resize((out.width, out.height * scanner.lines // scanner.dpi), PIL.Image.Resampling.NEAREST)
        out = sent.resize(out.size, PIL.Image.Resampling.NEAREST)
    if scanner.turn:
        out = out.rotate(scanner.turn, expand=True)
    stream = io.BytesIO()
    out.save(stream, format="JPEG", quality=scanner.quality, dpi=(scanner.dpi, scanner.dpi))
    return stream.getvalue()


def _held_askew(picture: PIL.Image.Image, degrees: float) -> PIL.Image.Image:
    """The page as seen by a lens that is not square to it."""
    width, height = picture.size
    narrow = abs(math.sin(math.radians(degrees))) * width / 2
    top, foot = (narrow, 0.0) if degrees > 0 else (0.0, narrow)
    seen = [(top, 0.0), (width - top, 0.0), (width - foot, float(height)), (foot, float(height))]
    flat = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows), np.array([value for pair in flat for value in pair]))
    return picture.transform(
        picture.size,
        PIL.Image.Transform.PERSPECTIVE,
        [float(value) for value in solved],
        PIL.Image.Resampling.BICUBIC,
        fillcolor=255,
    )


def as_scan(source: Path, pages: Sequence[int], scanner: Scanner, target: Path) -> None:
    """Writes `target`: the given pages (from 1) of `source` as pictures without text."""
    document = pdfium.PdfDocument(source)
    pictures = []
    for page in pages:
        drawn = document[page - 1].render(scale=scanner.dpi / 72).to_pil()
        pictures.append(PIL.Image.open(io.BytesIO(scanned(drawn, scanner, f"{source.name} {page} {scanner}"))))
    document.close()
    pictures[0].save(target, format="PDF", resolution=scanner.dpi, save_all=True, append_images=pictures[1:])


def score_scans(truth_path: Path, folder: Path, kind: str, engine: EngineName, only: str = "", most: int = 0) -> Report:
    """Reads a scan of the truth pages of every digital file and counts."""
    truth = [t for t in read_truth(truth_path) if "/" not in t.file and only in t.file]
    report = Report([])
    for name in list(dict.fromkeys(t.file for t in truth))[: most or None]:
        rows = [t for t in truth if t.file == name]
        report.files.append(_score_one(folder / name, rows, kind, engine))
    return report


def score_against_digital(folder: Path, kind: str, engine: EngineName, only: str = "", most: int = 0) -> Report:
    """The same for files without hand-read values: what the digital file gave with confidence is what its scan must give."""
    report = Report([])
    for path in [p for p in sorted(folder.glob("*.pdf")) if only in p.name]:
        known = [
            Truth(path.name, f.source.page, f.item, f.period.end, f.period.months, f.value, f.scope)
            for f in read_file(path, "none").facts
            if f.confidence >= SURE and f.source.page is not None and f.statement != "notes" and "derived" not in f.flags
        ]
        if known:
            report.files.append(_score_one(path, known, kind, engine))
        if len(report.files) == most:
            break
    return report


def _score_one(path: Path, rows: Sequence[Truth], kind: str, engine: EngineName) -> FileScore:
    # the pages between two pages of a statement belong to it
    wanted = sorted({t.page for t in rows})
    pages = [p for p in range(wanted[0], wanted[-1] + 1) if any(p - q in (0, 1) or q - p == 1 for q in wanted)]
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / path.name
        as_scan(path, pages, SCANNERS[kind], target)
        begun = time.process_time()
        reading = read_file(target, engine)
        seconds = time.process_time() - begun
    moved = [replace(t, page=pages.index(t.page) + 1) for t in rows]
    score = score_file(path.name, reading, moved)
    score.pages, score.seconds = len(pages), seconds
    return score


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one report per kind of scan."""
    parser = argparse.ArgumentParser(prog="python -m eval.scanned", description="Scores reading of scans made from filings")
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--engine", choices=ENGINES, default="rapidocr")
    parser.add_argument("--kinds", nargs="*", choices=tuple(SCANNERS), default=("skewed",))
    parser.add_argument("--digital", action="store_true", help="against what the digital files give, for files without truth")
    parser.add_argument("--only", default="", help="files whose name holds this")
    parser.add_argument("--most", type=int, default=0, help="read no more files than this")
    options = parser.parse_args(arguments)
    for kind in options.kinds:
        if options.digital:
            found = score_against_digital(options.folder, kind, options.engine, options.only, options.most)
        else:
            truth = options.truth or options.folder / "truth.jsonl"
            found = score_scans(truth, options.folder, kind, options.engine, options.only, options.most)
        sys.stdout.write(f"{kind} by {options.engine}\n{table(found)}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
