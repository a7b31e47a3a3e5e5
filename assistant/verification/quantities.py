"""Numbers as an answer writes them: value, displayed precision, multiplier, unit, currency and sign.

A number written to p decimals with multiplier m stands for every value v with round_half_up(v / m, p) equal to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from assistant.verification.numberwords import CHARACTERS, SPELLED
from assistant.verification.vocabulary import vocabulary, word_pattern
from tools.domain.number_words import chinese_number, english_number

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER = re.compile(rf"(?P<open>[(（])?(?P<sign>[-−–－+])?(?P<digits>{_DIGITS}|[{CHARACTERS}]+)(?P<close>[)）])?")

ROUGHLY = Decimal("0.005")
"""How far a round number said to be approximate may be off, as a share of the value."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`number` as printed without sign, `places` decimals shown, `multiplier` of the unit word, `unit` money, percent, points,
    basis_points, x, days, months, years, count or bare; `negative` when a minus or brackets say so."""

    start: int
    end: int
    number: Decimal
    places: int
    multiplier: Decimal
    unit: str
    currency: str | None
    negative: bool
    approximate: bool
    over: bool
    chinese: bool

    def renders(self, value: Decimal) -> bool:
        """Whether |value| shown at this precision and multiplier reads as this number (half up)."""
        exact = abs(value) / self.multiplier
        step = Decimal(1).scaleb(-self.places)
        if self.over:
            return self.number <= exact < self.number + max(step, self._rough())
        low, high = self.number - step / 2, self.number + step / 2
        if low <= exact < high:
            return True
        return self.approximate and self.places == 0 and abs(self.number - exact) <= exact * ROUGHLY and self._rough() > 1

    def _rough(self) -> Decimal:
        """The place of the last non-zero digit: 400 is said to the hundred."""
        exponent = self.number.normalize().as_tuple().exponent
        return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = vocabulary()
    before = word_pattern(list(words.currencies)).pattern
    multiplier = word_pattern(list(words.multipliers)).pattern
    unit = word_pattern(list(words.units)).pattern
    currency_before = re.compile(rf"(?:{before})\s*[-−–]?\s*[(（]?$", re.IGNORECASE)
    after = re.compile(rf"[ \t\u3000]?(?P<multiplier>{multiplier})?[ \t\u3000]?(?P<currency>{before})?", re.IGNORECASE)
    unit_after = re.compile(rf"[ \t\u3000]?-?(?P<unit>{unit})", re.IGNORECASE)
    currency_end = re.compile(rf"(?:{before})?\s*$", re.IGNORECASE)
    return currency_before, after, unit_after, currency_end


_SIGNED = re.compile(r"(?:(?<![A-Za-z0-9%])[-−–]|(?P<open>[(（]))\s?(?:[A-Z]{3}|[A-Z]{0,2}[¥$€£]|人民币)\s?$")
_FRACTION = re.compile(rf"(?:[{CHARACTERS}]+|\d+)分之(?:[{CHARACTERS}]+|\d+)")
_HALF = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９．％－＋", "0123456789.%-+", strict=True)}
_WIDE_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")


def _signed(head: str, text: str, stop: int) -> bool:
    """A minus, or a bracket that closes right behind, stands before the currency."""
    found = _SIGNED.search(head)
    return found is not None and (not found["open"] or text[stop : stop + 1] in (")", "）"))


def half_width(text: str) -> str:
    """Digits, points, per cent and minus signs of a Chinese input method as plain ones; every character keeps its place."""
    return _WIDE_COMMA.sub(",", text.translate(_HALF))


def _ends_with(pattern: re.Pattern[str], head: str) -> bool:
    return any(match.end() == len(head) for match in pattern.finditer(head))


def _lookup(table: dict[str, str] | None, word: str) -> str:
    return {k.lower(): v for k, v in (table or {}).items()}[word.lower()]


def quantities(text: str, masked: list[tuple[int, int]]) -> Iterator[Quantity]:
    """Every number in `text` outside the masked spans (dates, identifiers, quotes, citation marks), in order."""
    words = vocabulary()
    currency_before, after, unit_after, currency_end = _unit_patterns()
    multipliers = {k.lower(): v for k, v in words.multipliers.items()}
    pending: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        start, end = match.start("digits"), match.end("digits")
        if (
            any(start < b and a < end for a, b in masked)
            or text[max(0, start - 3) : start] == "百分之"
            or _FRACTION.search(text, max(0, start - 8), end + 8)
        ):
            continue
        digits = match["digits"]
        chinese = not digits[0].isdigit()
        number = chinese_number(digits) if chinese else Decimal(digits.replace(",", ""))
        head = text[max(0, start - 24) : start]
        attached = start > 0 and text[start - 1].isascii() and (text[start - 1].isalpha() or text[start - 1] == "_")
        if number is None or (attached and not currency_before.search(head)):
            continue
        bracketed = bool(match["open"] and match["close"])
        unit_from = match.end() if bracketed else end
        tail = after.match(text, unit_from)
        assert tail is not None
        multiplier_word, currency_word = tail["multiplier"], tail["currency"]
        currency_head = currency_before.search(head[:-1] if match["sign"] or match["open"] else head)
        currency: str | None = None
        if currency_head:
            currency = _lookup(dict(words.currencies), re.sub(r"[\s(（\-−–]+$", "", currency_head.group()))
        elif currency_word:
            currency = _lookup(dict(words.currencies), currency_word)
        unit, stop = "bare", end
        unit_match = unit_after.match(text, unit_from)
        if multiplier_word and not (unit_match and len(unit_match["unit"]) > len(multiplier_word)):
            unit, stop = "money", tail.end() if currency_word else tail.end("multiplier")
            counted = unit_after.match(text, stop)
            if counted and not currency and multiplier_word in ("万", "亿", "千万", "百万"):
                unit, stop = _lookup(dict(words.units), counted["unit"]), counted.end()
        elif unit_match:
            unit, stop = _lookup(dict(words.units), unit_match["unit"]), unit_match.end()
            multiplier_word = None
        elif currency:
            unit, stop = "money", tail.end() if currency_word else end
        else:
            multiplier_word = None
        if chinese and unit == "bare" and "点" not in digits:
            continue
        sign = match["sign"] or ""
        ranged = sign in "-–−－" and bool(sign) and start >= 2 and (text[start - 2].isdigit() or text[start - 2] in "%％倍x元")
        bracketed = bracketed or (bool(match["open"]) and text[stop : stop + 1] in (")", "）"))
        places = len(digits.partition(".")[2] if not chinese else digits.partition("点")[2])
        lead = currency_end.sub("", head).rstrip()
        quantity = Quantity(
            start,
            stop,
            number,
            places,
            multipliers[multiplier_word.lower()] if multiplier_word else Decimal(1),
            unit,
            currency,
            (sign in ("-", "−", "–", "－") and not ranged)
            or bracketed
            or (currency_head is not None and _signed(head, text, stop)),
            _ends_with(words.approximate, lead),
            _is_over(words.over, lead),
            chinese,
        )
        pending.append(quantity)
    pending += [q for q in _spelled(text, masked) if not any(p.start < q.end and q.start < p.end for p in pending)]
    yield from _share_units(text, sorted(pending, key=lambda q: q.start))


_NOT_OVER = re.compile(
    r"(?:\bno|\bnot|\bnever) (?:more than|over|in excess of)$|(?:不|未|不得|不能|没有|未曾)(?:超过|逾|多于)$", re.IGNORECASE
)


def _is_over(over: re.Pattern[str], lead: str) -> bool:
    """ "More than 30", but not "no more than 30"."""
    return _ends_with(over, lead) and not _NOT_OVER.search(lead)


_MINUS = ("-", "−", "–", "－")
_DIGITS_OF_RANGE = tuple("0123456789%")
_PERCENT = re.compile(rf"百分之(?P<n>[{CHARACTERS}]+|\d+(?:\.\d+)?)")


def _spelled(text: str, masked: list[tuple[int, int]]) -> Iterator[Quantity]:
    """Numbers written out: 百分之六十点八, and English words where a unit or a counted thing follows."""
    words, (_, after, unit_after, _) = vocabulary(), _unit_patterns()
    for match in _PERCENT.finditer(text):
        number = chinese_number(match["n"]) if not match["n"][0].isdigit() else Decimal(match["n"])
        if number is not None and not any(match.start() < b and a < match.end() for a, b in masked):
            places = len(match["n"].partition("点")[2] or match["n"].partition(".")[2])
            lead = text[max(0, match.start() - 8) : match.start()].rstrip()
            yield Quantity(match.start(), match.end(), number, places, Decimal(1), "percent", None, lead.endswith(_MINUS),
                           _ends_with(words.approximate, lead), _is_over(words.over, lead), True)  # fmt: skip
    multipliers = {k.lower(): v for k, v in words.multipliers.items()}
    for match in SPELLED.finditer(text):
        read = english_number(match.group())
        if read is None or any(match.start() < b and a < match.end() for a, b in masked):
            continue
        tail, unit_match = after.match(text, match.end()), unit_after.match(text, match.end())
        scale = tail["multiplier"] if tail else None
        unit = _lookup(dict(words.units), unit_match["unit"]) if unit_match else "money" if scale else "bare"
        if unit in ("months", "years") or (unit == "bare" and not read[1]):
            continue
        end = unit_match.end() if unit_match else tail.end("multiplier") if scale and tail else match.end()
        lead = text[max(0, match.start() - 24) : match.start()].rstrip()
        negative = lead.endswith(_MINUS) and lead[-2:-1] not in _DIGITS_OF_RANGE
        yield Quantity(match.start(), end, read[0], read[1], multipliers[scale.lower()] if scale and not unit_match else Decimal(1), unit, None, negative,
                       _ends_with(words.approximate, lead), _is_over(words.over, lead), True)  # fmt: skip


def _share_units(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """In a range ("1.1–1.3x", "100 to 200万元") the first number takes the unit of the second."""
    for index, quantity in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        between = text[quantity.end : following.start].strip() if following else ""
        if following and quantity.unit == "bare" and between in ("-", "–", "—", "~", "～", "至", "到", "to"):
            yield Quantity(
                quantity.start,
                quantity.end,
                quantity.number,
                quantity.places,
                following.multiplier,
                following.unit,
                following.currency,
                quantity.negative,
                quantity.approximate,
                quantity.over,
                quantity.chinese,
            )
        else:
            yield quantity
