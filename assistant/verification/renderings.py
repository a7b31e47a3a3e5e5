"""Whether a number is the rendering of a value: at its displayed precision, in a unit the value may be shown in, with its sign.

A number is read generously only where a reader would be: an amount may carry its unit over from a neighbour, a fall may be said
without its minus.
"""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.verification.evidence import Claim
from assistant.verification.quantities import Quantity
from assistant.verification.sentences import Sentence
from assistant.verification.vocabulary import vocabulary

HUNDRED = Decimal(100)
TEN_THOUSAND = Decimal(10000)
TIMED = {
    "days": ("day", "dpd", "value"),
    "months": ("month", "term", "tenor"),
    "years": ("year", "term", "tenor", "age"),
}
"""What the cells of rows are called that hold a time."""
_FALL_OF = re.compile(
    r"(?:fall|drop|decrease|decline|reduction) of (?:(?:[A-Z]{3} )?[\d.,]+ ?\w*(?:\[\d+\])* or )?(?:[A-Z]{3} )?[-−]?$|(?:fell|down|dropped|declined|decreased|lower) by (?:(?:[A-Z]{3} )?[\d.,]+ ?\w*(?:\[\d+\])* or )?(?:[A-Z]{3} )?[-−]?$"
    r"|(?:下降|减少|降低|下滑|降幅|跌幅)(?:了|为|约)?[-−]?$",
    re.IGNORECASE,
)
_APART = re.compile(r"[,，;；]")
"""A loss said behind the number and a comma does not stand in for its minus."""
_RESTATED = re.compile(r"[(（]\s*(?:[A-Z]{3}|[¥$€£]|人民币)?\s*$")


def value_fits(number: Quantity, claim: Claim, nearby: frozenset[Decimal]) -> bool:
    """Same value at the displayed precision, in a unit this claim may be shown in."""
    if number.currency and claim.currency and number.currency != claim.currency:
        return False
    unit, value = number.unit, claim.value
    if _too_coarse(number, claim):
        return False
    money = claim.unit in ("currency", "any")
    if unit == "money":
        return money and number.renders(value)
    if unit == "percent":
        if claim.unit == "percent_points":
            return number.renders(value * HUNDRED)
        return claim.unit in ("ratio", "x", "any") and number.renders(value * HUNDRED)
    if unit in ("points", "basis_points"):
        scale = HUNDRED if unit == "points" else TEN_THOUSAND
        return claim.unit == "percent_points" and number.renders(value * scale)
    if unit == "x":
        return claim.unit in ("x", "ratio", "any") and number.renders(value)
    if unit in ("days", "months", "years"):
        timed = claim.unit == unit or (claim.unit == "any" and any(word in claim.metric for word in TIMED[unit]))
        return timed and number.renders(value)
    if unit == "count":
        return claim.unit == "any" and number.renders(value)
    if claim.unit == "count":
        return claim.metric == "stage" and number.renders(value)
    if claim.unit in ("currency", "any"):
        return number.renders(value) or any(_scaled(number, m).renders(value) for m in nearby)
    if claim.unit == "percent_points":
        return number.renders(value * HUNDRED)
    return number.renders(value) or (claim.unit in ("ratio", "x") and number.places > 0 and number.renders(value * HUNDRED))


def _too_coarse(number: Quantity, claim: Claim) -> bool:
    """A multiple below ten shown without decimals: 1 is not 0.61, unless it is said to be about so much."""
    if claim.unit not in ("ratio", "x", "score") or number.places or number.unit not in ("bare", "x") or number.multiplier != 1:
        return False
    return abs(claim.value) < 10 and abs(claim.value) != number.number and not (number.approximate or number.over)


def is_small(number: Quantity) -> bool:
    """A whole number that many a cell of a row holds by chance: it needs the row's mark or the cell's name beside it."""
    return number.unit in ("bare", "count") and not number.places and number.multiplier == 1 and number.number < 1000


def _scaled(number: Quantity, multiplier: Decimal) -> Quantity:
    return Quantity(
        number.start,
        number.end,
        number.number,
        number.places,
        multiplier,
        "money",
        number.currency,
        number.negative,
        number.approximate,
        number.over,
        number.chinese,
    )


def sign_fits(number: Quantity, claim: Claim, text: str, sentence: Sentence) -> bool:
    """A minus must be a negative value or a fall; a negative value must be shown with a minus or a word that says so."""
    if claim.value < 0 and number.negative and _FALL_OF.search(text[max(sentence.start, number.start - 60) : number.start]):
        return False
    if claim.value == 0 or (number.negative and claim.value < 0) or (not number.negative and claim.value > 0):
        return True
    window = text[max(sentence.start, number.start - 90) : min(sentence.end, number.end + 24)]
    words = vocabulary()
    if claim.value < 0:
        pattern, keys = words.groups["directions"]
        moves = (
            claim.metric in ("change", "change_share", "effect", "unexplained")
            or claim.metric.endswith("_growth")
            or bool(claim.direction)
        )
        falls = moves and any(keys[m.group().lower()] == "fall" for m in pattern.finditer(window))
        # "减少" says which way a value went, not that it is negative.
        moved = [m.span() for m in pattern.finditer(window)]
        place = number.start - max(sentence.start, number.start - 90)
        return falls or any(
            not any(a <= m.start() < b for a, b in moved)
            and (m.start() < place or not _APART.search(window, place + (number.end - number.start), m.start()))
            for m in words.negative.finditer(window)
        )
    return _RESTATED.search(text[max(0, number.start - 6) : number.start]) is not None and text[
        number.end : number.end + 1
    ] in (")", "）")
