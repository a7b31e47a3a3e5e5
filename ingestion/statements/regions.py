"""Pages that hold two statements side by side, or a balance sheet with assets left and liabilities right.

A cut is made where labels start again to the right of amounts, on several lines, with amounts of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.pdf.words import PageLayout, Rule, Word
from ingestion.statements.lines import Atom, Line, lines_of
from ingestion.statements.numbers import thousands_style
from ingestion.statements.titles import title_of

MIN_LINES = 4
_LETTERS = re.compile(r"[A-Za-z]{3}|[\u4e00-\u9fff]{2}")


def regions_of(layout: PageLayout) -> list[list[Line]]:
    """The lines of each part of the page, left part first; one part for an ordinary page."""
    words = list(layout.words)
    style = thousands_style([w.text for w in words])
    lines = lines_of(words, layout.page, style)
    cut = _second_labels(lines, [rule for rule in layout.rules if not rule.horizontal])
    if cut is None and layout.width > 1.2 * layout.height:
        cut = _middle(lines, layout.width)
    if cut is None:
        return [lines]
    spread = [line.box for line in lines if _spread_title(line, cut)]
    parts: tuple[list[Word], list[Word]] = ([], [])
    for word in words:
        middle = (word.x0 + word.x1) / 2
        titling = any(box[1] <= (word.top + word.bottom) / 2 <= box[3] for box in spread)
        parts[middle >= cut and not titling].append(word)
    return [lines_of(part, layout.page, style) for part in parts]


def _second_labels(lines: Sequence[Line], upright: Sequence[Rule]) -> float | None:
    """Left edge of a second label column, when at least MIN_LINES lines read label, amount, label, amount. In a ruled table the label may
    stand close behind the amount: a line (one of `upright`) parts them."""
    starts: list[tuple[float, bool]] = []
    numbered = 0
    for line in lines:
        atoms = [a for a in line.atoms if not a.superscript]
        numbered += line.has_numbers()
        if len(atoms) < 3 or not any(a.kind == "text" for a in atoms[:2]):
            continue
        for index in range(2, len(atoms)):
            if _starts_again(atoms, index, line, upright):
                amount_after = any(a.kind in ("number", "nil") for a in atoms[index + 1 :])
                starts.append((atoms[index].x0, amount_after))
                break
    if len(starts) < MIN_LINES:
        return None
    starts.sort()
    best: list[tuple[float, bool]] = []
    for i, (x, _) in enumerate(starts):
        near = [s for s in starts[i:] if s[0] - x <= 42]
        if len(near) > len(best):
            best = near
    with_amounts = sum(1 for _, has in best if has)
    if len(best) < max(MIN_LINES, 0.12 * numbered) or with_amounts < 3:
        return None
    cut = best[0][0] - 1.5
    crossing = sum(1 for line in lines if line.has_numbers() and any(a.x0 < cut - 2 and a.x1 > cut + 2 for a in line.atoms))
    return cut if crossing <= 0.15 * max(numbered, 1) else None


def _spread_title(line: Line, cut: float) -> bool:
    """Whether a line is the title over both parts, its letters set so far apart that the cut runs between them."""
    if title_of(line.text) is None:
        return False
    sides = [" ".join(a.text for a in line.atoms if (a.x0 >= cut) is right) for right in (False, True)]
    return any(a.x0 < cut < a.x1 for a in line.atoms) or (all(sides) and not any(title_of(side) for side in sides))


def _starts_again(atoms: list[Atom], index: int, line: Line, upright: Sequence[Rule]) -> bool:
    atom, before, size = atoms[index], atoms[index - 1], line.size
    if atom.kind != "text" or not _LETTERS.search(atom.text):
        return False
    if atom.gap < 0.8 * size and not _parted(before, atom, line, upright):
        return False
    amount = before if before.kind in ("number", "nil") else None
    if amount is None or not any(a.kind == "text" and _LETTERS.search(a.text) for a in atoms[: index - 1]):
        return False
    return amount.kind == "nil" or bool(
        amount.number and (amount.number.grouped or amount.number.places == 2 or amount.gap > 2 * size)
    )


def _parted(before: Atom, atom: Atom, line: Line, upright: Sequence[Rule]) -> bool:
    """Whether a ruled line runs down between two neighbours on a line of text."""
    middle = line.baseline - 0.3 * line.size
    return any(before.x1 - 1 <= rule.x0 and rule.x1 <= atom.x0 + 1 and rule.top <= middle <= rule.bottom for rule in upright)


def _middle(lines: Sequence[Line], width: float) -> float | None:
    """The middle of a two-page spread when nothing but titles crosses it and both halves hold labelled amounts."""
    for share in (0.5, 0.48, 0.52, 0.46, 0.54):
        cut = share * width
        crossing = [line for line in lines if any(a.x0 < cut < a.x1 for a in line.atoms)]
        rows = sum(1 for line in lines if line.has_numbers())
        # words in a photograph or a long title may cross it, rows of amounts may not
        if len(crossing) > 0.15 * len(lines) or sum(1 for line in crossing if line.has_numbers()) > 0.05 * rows:
            continue
        left = sum(1 for line in lines if _labelled([a for a in line.atoms if a.x1 <= cut]))
        right = sum(1 for line in lines if _labelled([a for a in line.atoms if a.x0 >= cut]))
        if left >= 5 and right >= 5:
            return cut
    return None


def _labelled(atoms: list[Atom]) -> bool:
    texts = [a for a in atoms if a.kind == "text" and _LETTERS.search(a.text)]
    amounts = [a for a in atoms if a.kind in ("number", "nil")]
    return bool(texts and amounts) and texts[0].x0 < amounts[-1].x0
