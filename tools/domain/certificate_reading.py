"""A compliance certificate's text taken apart: its period, what it states of each covenant, and the amounts it says it used.

Only what the text says; whether it is true is for the tests to tell. The words are rulebook data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.periods import month_end

MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """How certificates are written; see the head of `rulebook/covenants/certificates.yaml`."""

    title: re.Pattern[str]
    heads: re.Pattern[str]
    row: re.Pattern[str]
    operators: Mapping[str, re.Pattern[str]]
    no: re.Pattern[str]
    units: Mapping[str, Decimal]
    scales: Mapping[str, Decimal]
    periods: tuple[tuple[str, re.Pattern[str]], ...]
    workings: re.Pattern[str]
    before: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One row: the covenant as named, the limit and the value as stated in the rulebook's units, `step` the last stated place of the
    value, and the verdict it claims."""

    label: str
    operator: Literal["<=", ">="]
    limit: Decimal
    value: Decimal
    step: Decimal
    compliant: bool
    quote: str


@dataclass(frozen=True, slots=True)
class StatedPart:
    """An amount the certificate says it used; `remark` is what stands in brackets behind it."""

    label: str
    value: Decimal
    step: Decimal
    remark: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one certificate says."""

    period_end: date | None
    rows: tuple[StatedRow, ...]
    parts: tuple[StatedPart, ...]


def read_certificate(text: str, words: CertificateWords) -> Certificate | None:
    """None when the text is no compliance certificate."""
    # A row of a table is one line with bars between its cells, and ends where its line does.
    lines = (f"{line} ；" if "|" in line else line for line in text.splitlines())
    plain = re.sub(r"\s+", " ", "\n".join(lines))
    if not words.title.search(plain[:400]):
        return None
    scale = next((factor for said, factor in words.scales.items() if said.casefold() in plain.casefold()), Decimal(1))
    head, _, tail = _cut(plain, words)
    rows = tuple(_row(found, words, scale) for found in words.row.finditer(words.heads.sub(" ", head)))
    return Certificate(_period(plain, words), rows, tuple(_parts(tail, words, scale)))


def _cut(text: str, words: CertificateWords) -> tuple[str, str, str]:
    found = words.workings.search(text)
    return (text, "", "") if found is None else (text[: found.start()], found.group(), text[found.end() :])


def _row(found: re.Match[str], words: CertificateWords, scale: Decimal) -> StatedRow:
    money = bool(found["currency"] or found["limit_currency"])
    given = found["unit"] or found["limit_unit"] or ""
    factor = _factor(given, words)
    # an amount without a unit of its own is in the certificate's scale, one with a currency before it in whole units
    amount = (factor is None and not money and _number(found["limit"]) > 1000) or (
        given and _factor(given, words) not in (None, Decimal(1), Decimal("0.01"))
    )
    unit = scale if amount and not found["unit"] else factor or Decimal(1)
    limit_unit = _factor(found["limit_unit"] or "", words)
    limit_factor = limit_unit if limit_unit is not None else unit
    operator: Literal["<=", ">="] = "<=" if words.operators["<="].fullmatch(found["operator"]) else ">="
    value = _number(found["value"])
    return StatedRow(
        re.split(r"\.\s", found["label"])[-1].strip(" ：:,，。.;；|"), operator, _number(found["limit"]) * limit_factor, value * unit, _step(found["value"]) * unit,
        not words.no.fullmatch(found["verdict"]), re.split(r"\.\s{2,}", found.group())[-1].strip(),
    )  # fmt: skip


def _parts(text: str, words: CertificateWords, scale: Decimal) -> list[StatedPart]:
    found = []
    for piece in re.split(r"[；;。]|(?<!\d),(?!\d)|，|\.(?=\s|$)", text):
        match = re.match(rf"\s*(?P<label>[^\d（(÷=＝]+?)\s*(?P<value>{NUMBER})\s*(?:[（(](?P<remark>[^）)]*)[）)])?", piece)
        if match is None or "÷" in piece or "=" in piece or "＝" in piece:
            continue
        label = words.before.sub("", match["label"]).strip(" ：:'’")
        if label:
            found.append(
                StatedPart(label, _number(match["value"]) * scale, _step(match["value"]) * scale, match["remark"] or "")
            )
    return found


def _period(text: str, words: CertificateWords) -> date | None:
    for kind, pattern in words.periods:
        found = pattern.search(text)
        if found is None:
            continue
        year = int(found["y"])
        match kind:
            case "half":
                return date(year, 6, 30)
            case "year":
                return date(year, 12, 31)
            case "quarter":
                said = found["q"]
                return month_end(date(year, 3 * (QUARTERS.index(said) + 1 if said in QUARTERS else int(said)), 1))
            case _:
                month = found["m"].casefold()
                number = MONTH_NAMES.index(month) + 1 if month in MONTH_NAMES else int(month) if month.isdigit() else None
                if number is None or not 1 <= number <= 12:
                    continue
                return min(
                    date(year, number, 1).replace(day=min(int(found["d"]), month_end(date(year, number, 1)).day)),
                    month_end(date(year, number, 1)),
                )
    return None


def _factor(unit: str, words: CertificateWords) -> Decimal | None:
    return words.units.get(unit.strip().casefold()) if unit.strip() else None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _step(text: str) -> Decimal:
    """The worth of the last place as printed."""
    exponent = _number(text).as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
