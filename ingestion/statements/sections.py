"""Where on its statement a row stands: assets or liabilities, current or not, which activity, per share, comprehensive.

The place decides what a caption means ("Borrowings", "Other assets") and which captions count at all (an "Other" under
earnings per share is no line item). It is told by headings, by totals, and by totals still to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.statements.captions import Captions
from ingestion.statements.labels import Label
from ingestion.statements.model import Row
from ingestion.statements.vocabulary import compact, words
from tools.domain.definitions import LineItem

BALANCE, INCOME, CASH = "balance_sheet", "income_statement", "cash_flow"
_ENDS = {
    "total_current_assets": ("assets", "noncurrent"),
    "total_assets": ("liabilities", ""),
    "total_current_liabilities": ("liabilities", "noncurrent"),
    "total_liabilities": ("equity", ""),
    "total_liabilities_and_equity": ("end", ""),
}
_SIDES = {
    "total_current_assets": ("assets", "current"),
    "total_noncurrent_assets": ("assets", "noncurrent"),
    "total_assets": ("assets", ""),
    "total_current_liabilities": ("liabilities", "current"),
    "total_noncurrent_liabilities": ("liabilities", "noncurrent"),
    "total_liabilities": ("liabilities", ""),
    "equity_attributable_to_parent": ("equity", ""),
    "total_equity": ("equity", ""),
    "net_cash_operating": ("operating", ""),
    "net_cash_investing": ("investing", ""),
    "net_cash_financing": ("financing", ""),
}
_WITHIN = {
    "assets": ("assets", ""),
    "liabilities": ("liabilities", ""),
    "equity": ("equity", ""),
    "current_assets": ("assets", "current"),
    "noncurrent_assets": ("assets", "noncurrent"),
    "current_liabilities": ("liabilities", "current"),
    "noncurrent_liabilities": ("liabilities", "noncurrent"),
}
_ACTIVITIES = {"operating_activities": "operating", "investing_activities": "investing", "financing_activities": "financing"}


@dataclass(frozen=True, slots=True)
class Place:
    """`side`: assets, liabilities, equity; operating, investing, financing, supplement; main, oci, per_share, owners,
    owners_comprehensive. `term`: current, noncurrent, "" when the statement does not part them, "?" before it has said."""

    side: str = ""
    term: str = ""


def section_of(label: str) -> str | None:
    """The section a heading opens, by the vocabulary."""
    tight = compact(label).strip(":").replace("(", "").replace(")", "").replace("’", "'")
    if not tight:
        return None
    return next((name for name, pattern in words().sections.items() if pattern.fullmatch(tight)), None)


def fits(item: LineItem, place: Place, captions: Captions) -> bool:
    """Whether `item` may stand at `place` of its statement."""
    if item.statement == BALANCE:
        wanted = [_WITHIN[name] for name in captions.extra(item).within] or ([_SIDES[item.into]] if item.into in _SIDES else [])
        return not wanted or any(_meets(side, term, place) for side, term in wanted)
    if item.statement == CASH:
        if item.into not in _SIDES:
            return item.kind == "memo" or place.side != "supplement"
        if place.side == "supplement":
            return (captions.costs(item) and item.kind == "memo") or item.id == "taxes_paid"
        return not place.side or _SIDES[item.into][0] == place.side
    return True


def _meets(side: str, term: str, place: Place) -> bool:
    if place.side and place.side != side:
        return False
    return not term or place.term in ("", term)


class BalancePlaces:
    """Places of a balance sheet's rows, in order. `totals` says which total item each row is known to be."""

    def __init__(self, rows: Sequence[Row], totals: Sequence[str | None]) -> None:
        self._totals = totals
        self._classified = "total_current_assets" in totals or "total_current_liabilities" in totals
        self._side, self._term = "assets", "?"
        self.places = [self._next(index, row) for index, row in enumerate(rows)]

    def _next(self, index: int, row: Row) -> Place:
        section = section_of(row.label)
        total = self._totals[index]
        if row.heading and section in _WITHIN:
            self._side, term = _WITHIN[section]
            self._term = term or "?"
        elif row.heading and section in ("assets", "liabilities", "equity"):
            self._side, self._term = section, "?"
        place = Place(self._side, self._resolved(index))
        if total in _ENDS:
            self._side, term = _ENDS[total]
            self._term = term or "?"
        elif total in ("total_noncurrent_assets", "total_noncurrent_liabilities"):
            self._term = "?"
        return place

    def _resolved(self, index: int) -> str:
        if self._term != "?":
            return self._term
        if self._side not in ("assets", "liabilities"):
            return ""
        ahead = [t for t in self._totals[index:] if t in _SIDES and _SIDES[t][0] == self._side]
        for total in ahead:
            if total in ("total_current_assets", "total_current_liabilities"):
                return "current"
            if total in ("total_noncurrent_assets", "total_noncurrent_liabilities"):
                return "noncurrent"
        # after the current total of a classified statement everything else is not current
        return "noncurrent" if self._classified and self._seen_current(index) else ""

    def _seen_current(self, index: int) -> bool:
        wanted = "total_current_assets" if self._side == "assets" else "total_current_liabilities"
        return wanted in self._totals[:index]


def income_places(rows: Sequence[Row], labels: Sequence[Label]) -> list[Place]:
    """Places of an income statement's rows: main, oci, per_share, owners (shares of the profit), owners_comprehensive."""
    out: list[Place] = []
    side, last = "main", "profit"
    for row, label in zip(rows, labels, strict=True):
        tight = compact(row.label)
        section = section_of(row.label)
        owners = "attributable" in tight or "应占" in tight
        if row.heading and owners:
            comprehensive = "comprehensive" in tight or "综合收益" in tight or "全面收益" in tight
            neutral = not comprehensive and "profit" not in tight and "income" not in tight and "loss" not in tight
            side = "owners_comprehensive" if comprehensive or (neutral and last == "comprehensive") else "owners"
        elif section == "per_share" or "每股" in tight or "pershare" in tight:
            side = "per_share" if row.heading or side != "main" else side
            out.append(Place("per_share"))
            continue
        elif row.heading and section == "other_comprehensive":
            side = "oci"
        elif row.heading and side in ("owners", "owners_comprehensive"):
            side = "oci" if last == "comprehensive" else "main"
        elif label.zh.startswith(("其他综合收益", "其他全面收益")):
            side = "oci"
        if not row.heading:
            if "comprehensive" in tight or "综合收益" in tight or "全面收益" in tight:
                last = "comprehensive"
            elif side == "main":
                last = "profit"
        out.append(Place(side))
    return out


def cash_places(rows: Sequence[Row], totals: Sequence[str | None]) -> list[Place]:
    """Places of a cash flow statement's rows: operating, investing, financing, supplement, or none said."""
    out: list[Place] = []
    side = ""
    for row, total in zip(rows, totals, strict=True):
        section = section_of(row.label)
        if row.heading and section in _ACTIVITIES:
            side = _ACTIVITIES[section]
        elif row.heading and section == "supplementary_cash" and side != "operating":
            side = "supplement"
        out.append(Place(side))
        if total == "cash_ending" and side != "supplement":
            side = "supplement"
        elif total in ("net_cash_operating", "net_cash_investing", "net_cash_financing") or (
            total == "cash_beginning" and side == ""
        ):
            side = ""
    return out
