"""From a picture as scanned to an upright, straight one: quarter turns, skew, and the ruling lines left on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ingestion.pdf.words import Rule

if TYPE_CHECKING:
    from ingestion.scans.engine import Picture, Quad

TALL = 1.6
"""A line of print this much higher than wide runs down the page."""
LEAST_SKEW = 0.05
RULE_SCALE = 2.8
CONTRAST = 14
"""Shades of 255 by which ink is darker than what lies round it."""
FILLED = 0.88
"""The share of a stretch of a ruling line that is ink: noise and specks make holes."""
THICKEST, LEANING = 4.0, 0.008
MOST_SKEW = 20.0


def sides(quad: Quad) -> tuple[float, float]:
    """Width and height of a line."""
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def runs_down(quads: Sequence[Quad]) -> bool:
    """Whether most of the print runs down (or up) the page: the picture lies on its side."""
    tall = wide = 0.0
    for quad in quads:
        xs, ys = quad[:, 0], quad[:, 1]
        across, down = float(xs.max() - xs.min()), float(ys.max() - ys.min())
        if down > TALL * across:
            tall += down
        elif across > TALL * down:
            wide += across
    return tall > 1.2 * wide


def skew_of(quads: Sequence[Quad]) -> float:
    """Degrees the lines fall to the right (clockwise), the weighted median over lines long enough to tell."""
    angles: list[tuple[float, float]] = []
    for quad in quads:
        width, height = sides(quad)
        if width > 3 * height:
            dx, dy = (quad[1] + quad[2] - quad[0] - quad[3]) / 2
            angle = math.degrees(math.atan2(float(dy), float(dx)))
            if abs(angle) < MOST_SKEW:
                angles.append((angle, width))
    if not angles:
        return 0.0
    angles.sort()
    half, seen = sum(weight for _, weight in angles) / 2, 0.0
    for angle, weight in angles:
        seen += weight
        if seen >= half:
            return angle if abs(angle) >= LEAST_SKEW else 0.0
    return 0.0


def strip_of(picture: Picture, quad: Quad) -> Picture:
    """The upright strip of picture inside four corners."""
    width, height = (max(round(side), 1) for side in sides(quad))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    strip: Picture = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return strip


def straight(points: Quad, skew: float, width: float, height: float) -> Quad:
    """`points` after turning the page back by `skew` degrees about its middle."""
    turn = math.radians(-skew)
    middle = np.array([width / 2, height / 2], dtype=np.float32)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]], dtype=np.float32)
    return (points - middle) @ matrix.T + middle


def rules_of(picture: Picture, skew: float, scale: float) -> list[Rule]:
    """The ruling lines of a picture, straightened, in points (`scale` pixels to the point)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    share = min(1.0, RULE_SCALE / scale)
    grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) if share < 1 else grey
    height, width = grey.shape[:2]
    if skew:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        grey = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    dark = cv2.bitwise_not(grey)
    return _strokes(dark, share * scale, across=True) + _strokes(dark, share * scale, across=False)


def _strokes(dark: Picture, per_point: float, *, across: bool) -> list[Rule]:
    """Runs of ink much longer than thick, with a few gaps allowed, that have paper on both sides: letters break off sooner."""
    length = max(int((24 if across else 16) * per_point), 12)
    paper = cv2.blur(dark, (31, 31)).astype(np.int16)
    ink: Picture = (dark > paper + CONTRAST).astype(np.uint8)
    # a line that is not quite straight is broken into steps of one pixel
    ink = cv2.dilate(ink, np.ones((3, 1) if across else (1, 3), dtype=np.uint8))
    filled = cv2.blur(ink * 255, (length, 1) if across else (1, length))
    whole = (filled >= 255 * FILLED).astype(np.uint8)
    # the middles of full windows, drawn out again to their ends
    kept = cv2.dilate(whole, np.ones((1, length) if across else (length, 1), dtype=np.uint8))
    # but not across the narrow gap between the lines under two headers
    kept = cv2.bitwise_and(kept, cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3) if across else (3, 1), dtype=np.uint8)))
    count, _, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    out = []
    for left, top, width, height, _ in stats[1 : min(count, 4000)].tolist():
        thick, long = (height, width) if across else (width, height)
        if thick <= THICKEST * per_point + LEANING * long and long >= length:
            out.append(Rule(left / per_point, top / per_point, (left + width) / per_point, (top + height) / per_point))
    return out
