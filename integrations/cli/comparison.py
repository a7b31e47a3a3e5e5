"""A comparison of two rulebooks in lines a person reads: what is different in the rules, then who changes, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tools.monitor.comparison import Comparison

Item = Mapping[str, Any]
MOST = 60
"""Lines of one kind; a table of a thousand is for a machine."""
MARKS = {"opens": "▲", "graver": "▲", "clears": "▽", "milder": "▽"}


def compared(found: Comparison) -> Iterator[str]:
    """The whole report, line by line."""
    shape = found.shape()
    counts = shape["counts"]
    days = [shape["rules"][side]["as_of"] for side in ("before", "after")]
    under = f"rules of {days[0]} against {'a draft on ' if shape['draft'] else 'those of '}{days[1]}"
    yield f"{found.borrowers:,} borrowers with {found.loans:,} loans as of {shape['as_of']}, {under}, {found.seconds:.1f} s"
    yield from _rules(shape)
    yield f"{counts['borrowers_changed']} borrowers and {counts['loans_changed']} loans change."
    if counts["alerts_changed"]:
        told = ", ".join(f"{counts[f'alerts_{change}']} {word}" for change, word in
                         (("opens", "would open"), ("clears", "would clear"), ("graver", "graver"), ("milder", "milder")))  # fmt: skip
        yield f"Alerts: {told}"
        yield from _part("", shape["alerts"], _alert)
    yield from _part("Signals", shape["signals"], _signal)
    yield from _part("Arrears and dues", shape["arrears"], _owed)
    yield from _part("Classification proposals", shape["classification"], _classified)
    yield from _part("Watch levels", shape["levels"], lambda item: f"  {item['borrower']:<8}{item['before']} → {item['after']}")
    yield from _part("Covenants", shape["covenants"], _covenant)
    yield from _part("Figures", shape["figures"], _figure)
    yield from _part("Ratings", shape["ratings"], _rating)
    yield from _part("Exposure", shape["exposures"], _exposure)
    yield "Nothing was changed; that the comparison was made is in the trail."


def _rules(shape: Item) -> Iterator[str]:
    if not shape["entries"]:
        yield "No rule is different on these days."
    for entry in shape["entries"]:
        yield f"  {entry['change']:<8}{entry['sort']:<17}{entry['before'] or '-'} → {entry['after'] or '-'}"
    for entry in shape["draft"]:
        if not entry["in_force"]:
            yield f"  not in force that day: {entry['rule']}, from {entry['effective_from']}; use --rules-as-of to see it at work"


def _part(title: str, items: list[Item], line: Any) -> Iterator[str]:
    if items:
        if title:
            yield f"{title}: {len(items):,}"
        yield from (line(item) for item in items[:MOST])
        if len(items) > MOST:
            yield f"  … and {len(items) - MOST:,} more: --json lists all"


def _rating(item: Item) -> str:
    told = (f"{side['grade'] or 'no grade'} ({side['points']} points)" for side in (item["before"], item["after"]))
    return f"  {item['borrower']:<8}{' → '.join(told)}"


def _exposure(item: Item) -> str:
    moved = []
    for name, old in item["before"].items():
        for currency in sorted({*old, *item["after"][name]}):
            sides = [side.get(currency, "-") for side in (old, item["after"][name])]
            if sides[0] != sides[1]:
                moved.append(f"{name} {currency} {sides[0]} → {sides[1]}")
    return f"  {item['borrower']:<8}{'; '.join(moved)}"


def _alert(item: Item) -> str:
    change = f"{item['before'] or '-'} → {item['after'] or '-'}"
    return f"  {MARKS[item['change']]} {item['borrower']:<8}{item['name_en']:<26}{change:<18}{', '.join(item['signals'])}"


def _signal(item: Item) -> str:
    sides = " → ".join(_verdict(item[side]) for side in ("before", "after"))
    why = "; ".join(filter(None, map(_why, item["why"])))
    return f"  {item['borrower']:<8}{item['loan'] or '-':<10}{item['signal']:<8}{sides}  ({why})"


def _verdict(side: Item | None) -> str:
    if side is None:
        return "no such signal"
    if side["verdict"] != "hit":
        return str(side["verdict"])
    limit = f", limit {side['limit']}" if side["limit"] is not None else ""
    small = "" if side["material"] else ", not material"
    return f"{side['severity']} {_short(side['value'])}{limit}{small}"


def _why(reason: Item) -> str:
    match reason["what"]:
        case "rule":
            return f"{reason['before'] or 'new'} → {reason['after'] or 'gone'}"
        case "limit":
            return f"limit {_short(reason['before'])} → {_short(reason['after'])}"
        case "value":
            return f"value {_short(reason['before'])} → {_short(reason['after'])}"
        case "definition":
            return f"stands on {reason['before'] or 'new'} → {reason['after'] or 'gone'}"
        case "covenant":
            return f"covenant {reason['name']}"
        case _:
            return "follows how others stand"


def _owed(item: Item) -> str:
    sides = " → ".join(
        f"{'?' if side['dpd'] is None else side['dpd']} days past due, overdue {_short(side['overdue']['total']) if side['overdue'] else '?'}"
        f", next due {side['next_due']['date'] if side['next_due'] else '-'}"
        for side in (item["before"], item["after"])
    )
    return f"  {item['borrower']:<8}{item['loan']:<10}{sides}"


def _classified(item: Item) -> str:
    before, after = item["before"], item["after"]
    words = "; ".join(
        f"{'+' if reason['what'] == 'floor_hit' else '-'} {reason['rule']} {reason['en']}" for reason in item["why"]
    )
    return f"  {item['borrower']:<8}{item['loan']:<10}{before['proposed']} → {after['proposed']} (booked {after['current'] or '-'})  {words}"


def _covenant(item: Item) -> str:
    sides = " → ".join(f"{s['status']} {_short(s['actual'])}" if s else "-" for s in (item["before"], item["after"]))
    return f"  {item['borrower']:<8}{item['covenant']:<16}{sides}"


def _figure(item: Item) -> str:
    sides = " → ".join(
        f"{_short(s['value']) if s['value'] is not None else s['status']} ({s['rule']})"
        for s in (item["before"], item["after"])
    )
    return f"  {item['borrower']:<8}{item['figure']:<22}{item['after']['period_end']}  {sides}"


def _short(value: str | None) -> str:
    """Four decimals are enough to read; the JSON has all."""
    return "-" if value is None else f"{Decimal(value):,.4f}".rstrip("0").rstrip(".") if "." in value else f"{Decimal(value):,}"
