"""Chinese letters for a machine that has none: the packaged font in slices, so that a page fetches what it shows and not eight megabytes.

First the two letters of the language switch, then those of the console's own words; the rest by blocks of 256 letters. A machine with
Chinese fonts fetches none of them: each face names those first. The faces stand first among the families of a text: Chromium leaves the
first word of a style in boxes when it is only drawn by a later one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache

from tools.typesetting.cutting import web_font
from tools.typesetting.fonts import metrics

FAMILY = "Loanward Han"
SWITCH = "中文"
INSTALLED = (
    "PingFang SC",
    "PingFangSC-Regular",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
)
"""Where one of these is installed nothing is fetched."""
HAN = (
    (0x2E80, 0x303F),
    (0x31C0, 0x31EF),
    (0x3200, 0x32FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)
"""Where Chinese letters and their punctuation are; every other letter is drawn by the font around them."""  # fmt: skip


@cache
def slices(words: str) -> Mapping[str, str]:
    """The letters of each slice, by its name; `words` are the console's own. No letter is in two."""
    known = {chr(code) for code in metrics().advances if any(first <= code <= last for first, last in HAN)}
    switch = set(SWITCH)
    own = (set(words) & known) - switch
    found = {"switch": SWITCH, "words": "".join(sorted(own))}
    blocks: dict[str, list[str]] = {}
    for letter in sorted(known - own - switch):
        blocks.setdefault(f"{ord(letter) >> 8:02x}", []).append(letter)
    return found | {name: "".join(letters) for name, letters in blocks.items()}


@cache
def version(words: str) -> str:
    """Changes with the slices, so that they may be kept for ever."""
    return hashlib.sha256("/".join(slices(words).values()).encode()).hexdigest()[:12]


@cache
def slice_of(words: str, name: str) -> bytes | None:
    """The font of one slice; None when there is no such slice. Cut once in a process."""
    letters = slices(words).get(name)
    return web_font(letters) if letters else None


@cache
def stylesheet(words: str) -> str:
    """The faces, each with the letters it is fetched for."""
    installed = ", ".join(f'local("{name}")' for name in INSTALLED)
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; src: {installed}, url("/static/han-{name}.woff?v={version(words)}") format("woff"); '
        f"font-display: block; unicode-range: {_ranges(letters)}; }}"
        for name, letters in slices(words).items()
    )


def _ranges(letters: Iterable[str]) -> str:
    runs: list[list[int]] = []
    for code in sorted(map(ord, letters)):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)
