"""Totals that statements leave out and everyone needs, worked out from the totals they print and marked `derived`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ingestion.statements.facts import Draft, fact_id
from tools.domain.definitions import LineItem
from tools.domain.facts import Fact

NO_MINORITIES = "no_minorities"


def derived(facts: Mapping[str, Draft], items: Mapping[str, LineItem], mezzanine: Decimal) -> list[Draft]:
    """Total liabilities of a balance sheet that prints only the grand total (less equity and what stands between, the
    redeemable interests), total assets of one that starts from net assets, and the parent's equity where no minorities are
    shown. `facts` are those of one column, by item."""
    out: list[Draft] = []
    grand = facts.get("total_liabilities_and_equity") or facts.get("total_assets")
    equity = facts.get("total_equity")
    if "total_liabilities" not in facts and grand and equity:
        out.append(_made(grand, items["total_liabilities"], grand.fact.value - equity.fact.value - mezzanine, "derived"))
    parts = [facts.get("total_current_assets"), facts.get("total_noncurrent_assets")]
    if "total_assets" not in facts and grand is None and parts[0] and parts[1]:
        total = parts[0].fact.value + parts[1].fact.value
        out.append(_made(parts[0], items["total_assets"], total, "derived"))
    if equity and "equity_attributable_to_parent" not in facts and "minority_interest" not in facts:
        text = equity.entry.label.text
        if "shareholder" in text or "attributable" in text:
            out.append(_made(equity, items["equity_attributable_to_parent"], equity.fact.value, NO_MINORITIES))
    return out


def _made(source: Draft, item: LineItem, value: Decimal, flag: str) -> Draft:
    fact: Fact = source.fact
    place = fact.source
    made = replace(
        fact,
        id=fact_id(place.sha256, item.id, fact.period, fact.scope, place.page, place.box, place.locator),
        item=item.id,
        value=value,
        flags=tuple(sorted({*fact.flags, flag})),
    )
    return Draft(made, source.entry, source.column, source.statement)
