"""One sentence that asks for several kinds of thing: "余额、逾期、杠杆分别多少", "balance, arrears elsewhere and what is missing".

A list is taken apart only when its members are different kinds of question; a list of metrics, names or parts of one amount is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.analyst.framing import choose, features
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.reading import read
from prompts.library import phrase_book

Span = tuple[int, int]
FIGURES = frozenset({"value", "change", "key_figures"})
_BETWEEN = re.compile(
    r"[、,,;;]\s*(?:and |plus )?|以及|还有|和|及|与|并且|\s(?:and|plus|&)\s|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])",
    re.IGNORECASE,
)


def several(text: str, names: Sequence[Span], lexicon: Lexicon, as_of: date, has_focus: bool) -> list[Span]:
    """The spans of `text` that ask for different things, or the one it is. No border falls inside a name or a known phrase."""
    whole = (0, len(text))
    book = phrase_book("frames")
    listable = frozenset(book["listable"])

    def frame_of(span: Span) -> str:
        inside = [(a - span[0], b - span[0]) for a, b in names if span[0] <= a and b <= span[1]]
        reading = read(text[span[0] : span[1]], as_of, lexicon, inside)
        found = choose(features(reading, 0, True))[0]
        return "value" if found in FIGURES else found

    reading = read(text, as_of, lexicon, names)
    frame = choose(features(reading, len(names), has_focus))[0]
    if (
        len(names) > 1
        or frame not in listable
        or "both_scopes" in reading.cues
        or reading.limits
        or ("page_of" in reading.cues and reading.metrics)
    ):
        return [whole]
    known = [
        h for h in reading.hits if lexicon.strongest(h) > 1 and h.end - h.start > 1 and not _BETWEEN.fullmatch(f" {h.text} ")
    ]
    taken = [*names, *((h.start, h.end) for h in known)]
    borders = [m.span() for m in _BETWEEN.finditer(text) if not any(a < m.end() and m.start() < b for a, b in taken)]
    if not borders:
        return [whole]
    pieces = [
        (a, b)
        for a, b in zip([0, *(e for _, e in borders)], [*(s for s, _ in borders), len(text)], strict=True)
        if text[a:b].strip()
    ]
    kept: list[tuple[Span, str]] = []
    for piece in pieces:
        own = frame_of(piece)
        part = text[piece[0] : piece[1]].strip(" ?。.的呢吗") in book["parts_of_one"]
        # a balance asked for first is a question; after another it may be a part of that one's answer
        alone = own in listable and (not part or (own == "loans" and not any(frame for _, frame in kept)))
        if kept and (not alone or kept[-1][1] in (own, "")):
            kept[-1] = ((kept[-1][0][0], piece[1]), kept[-1][1] or (own if alone else ""))
        else:
            kept.append((piece, own if alone else ""))
    if len({frame for _, frame in kept if frame}) < 2:
        return [whole]
    return [span for span, _ in kept]
