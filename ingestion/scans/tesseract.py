"""Tesseract as the engine, for a bank that has it and wants it: the program must be installed with the languages it is to read.

It loses print that stands between ruling lines, so lines are found here (strokes removed, letters run together) and Tesseract
only spells them, all strips of a page in one call.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ingestion.scans.engine import EngineName, Spelled
from tools.errors import SettingsError

if TYPE_CHECKING:
    from ingestion.scans.engine import Picture, Quad

LANGUAGES = ("chi_sim", "eng")
SECONDS = 300
STROKE = 40
"""Pixels: longer horizontal or vertical runs of ink are ruling lines, not letters."""
BORDER = 8
HEIGHT = 48
DASHES = {"-", "—", "–", "nil", "$"}


class Tesseract:
    """The tesseract program of this machine."""

    name: EngineName = "tesseract"

    def __init__(self) -> None:
        program = shutil.which("tesseract")
        fix = "Install tesseract with its languages chi_sim and eng, or set rapidocr"
        if program is None:
            raise SettingsError("tesseract is not installed", where="ocr_engine", fix=fix)
        listed = subprocess.run(
            [program, "--list-langs"], capture_output=True, text=True, timeout=60, check=False
        ).stdout.split()
        known = [language for language in LANGUAGES if language in listed]
        if not known:
            raise SettingsError("tesseract has neither chi_sim nor eng", where="ocr_engine", fix=fix)
        self._command = [program, "-l", "+".join(known)]

    def find(self, picture: Picture) -> list[Quad]:
        """The places of the lines, top to bottom."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        ink = cv2.adaptiveThreshold(cv2.bitwise_not(grey), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, -15)
        skew, (high, wide) = _skew(ink), ink.shape[:2]
        back = cv2.getRotationMatrix2D((wide / 2, high / 2), -skew, 1.0)
        if skew:
            ink = cv2.warpAffine(
                ink, cv2.getRotationMatrix2D((wide / 2, high / 2), skew, 1.0), (wide, high), flags=cv2.INTER_NEAREST
            )
        for kernel in ((1, STROKE), (STROKE, 1)):
            strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel, dtype=np.uint8))
            ink = cv2.subtract(ink, cv2.dilate(strokes, np.ones((3, 3), dtype=np.uint8)))
        ink = cv2.medianBlur(ink, 3)
        letters = _heights(ink)
        if not letters:
            return []
        size = float(np.median(letters))
        run = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(int(1.1 * size), 3)), dtype=np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(run, connectivity=8)
        out: list[Quad] = []
        for left, top, width, height, area in stats[1:count].tolist():
            if height < 0.35 * size or height > 4 * size or area < 0.2 * size * size:
                continue
            x0, y0, x1, y1 = left - 0.2 * size, top - 0.25 * size, left + width + 0.2 * size, top + height + 0.25 * size
            corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], dtype=np.float64)
            out.append((corners @ back.T).astype(np.float32))
        return sorted(out, key=lambda quad: (float(quad[0, 1]), float(quad[0, 0])))

    def spell(self, strips: Sequence[Picture]) -> list[Spelled]:
        """What each upright strip says."""
        if not strips:
            return []
        with tempfile.TemporaryDirectory(prefix="loanward-") as folder:
            listed = []
            for number, strip in enumerate(strips):
                path = Path(folder) / f"{number:05d}.png"
                grey = _without_strokes(cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY))
                share = HEIGHT / max(grey.shape[0], 1)
                grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_CUBIC)
                grey = cv2.copyMakeBorder(grey, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255)
                cv2.imwrite(str(path), grey)
                listed.append(str(path))
            names = Path(folder) / "strips.txt"
            names.write_text("\n".join(listed), encoding="utf-8")
            said = subprocess.run(
                [*self._command, str(names), "stdout", "--psm", "7", "--dpi", "300", "tsv"],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=SECONDS, check=False,
                env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"},
            ).stdout  # fmt: skip
        return _by_strip(said, strips)


def _without_strokes(grey: Picture) -> Picture:
    """A strip without the ruling lines that cross or edge it: it reads them as brackets."""
    _, ink = cv2.threshold(cv2.bitwise_not(grey), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    high, wide = ink.shape[:2]
    for kernel in ((max(int(0.92 * high), 1), 1), (1, max(3 * high, 1))):
        if kernel[1] <= wide:
            strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel, dtype=np.uint8))
            grey = cv2.max(grey, cv2.dilate(strokes, np.ones((3, 3), dtype=np.uint8)))
    return grey


def _skew(ink: Picture) -> float:
    """Degrees to turn back: the turn under which rows of ink and rows of paper part most sharply."""
    small = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    high, wide = small.shape[:2]

    def sharpness(angle: float) -> float:
        turned = cv2.warpAffine(small, cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0), (wide, high))
        return float(np.square(np.diff(turned.sum(axis=1, dtype=np.float64))).sum())

    best = max((step * 0.5 for step in range(-10, 11)), key=sharpness)
    return max((best + step * 0.1 for step in range(-5, 6)), key=sharpness)


def _heights(ink: Picture) -> list[int]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return [int(h) for _, _, w, h, area in stats[1:count].tolist() if 6 <= h <= 80 and w <= 80 and area >= 12]


def _by_strip(said: str, strips: Sequence[Picture]) -> list[Spelled]:
    """Words of each strip put together; characters are spread evenly over their word, Chinese words are not parted."""
    words: list[list[tuple[float, float, str, float]]] = [[] for _ in strips]
    for row in csv.DictReader(said.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        number, text = int(row["page_num"]) - 1, (row.get("text") or "").strip()
        if row["level"] == "5" and text and 0 <= number < len(strips):
            left, across = float(row["left"]) - BORDER, float(row["width"])
            words[number].append((left, left + across, text, max(float(row["conf"]), 0.0) / 100))
    return [_put_together(found, strip) for found, strip in zip(words, strips, strict=True)]


def _put_together(words: list[tuple[float, float, str, float]], strip: Picture) -> Spelled:
    height, width = strip.shape[:2]
    wide = HEIGHT / max(height, 1) * width
    text, places, sure = "", [], []
    before = 0.0
    for left, right, word, confidence in sorted(words):
        joined = text and ord(text[-1]) >= 0x2E80 and ord(word[0]) >= 0x2E80 and left - before < 0.8 * HEIGHT
        if text and not joined:
            text += " "
            places.append(min(max(left / wide, 0.0), 1.0))
            sure.append(1.0)
        for index, char in enumerate(word):
            text += char
            places.append(min(max((left + (index + 0.5) / len(word) * (right - left)) / wide, 0.0), 1.0))
            sure.append(confidence)
        before = right
    # what is left of a ruling line is spelled as a letter or two
    if len(text) <= 4 and not any(c.isdigit() or ord(c) >= 0x2E80 for c in text) and text not in DASHES:
        return Spelled("", (), ())
    return Spelled(text, tuple(places), tuple(sure))
