"""Repayment: each running loan with its arrears and next payment, and the payment dates around the business date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assistant.analyst.words import has_cjk
from assistant.briefs.findings import row_of, value_of
from assistant.briefs.material import Material
from assistant.briefs.model import Block, Cell, Chart, Line, Section, Table, TableRow
from assistant.briefs.pen import Pen
from assistant.charts.dues import Instalment, Kind, dues_timeline
from tools.domain.ledger import SettledInstalment
from tools.domain.loan_views import LoanView

MOST = 6


def loans_section(material: Material, pen: Pen) -> Section:
    """Nothing is said of arrears that cannot be told."""
    running = material.running
    if not running:
        return Section("loans", pen.word("loans"), (Line(pen.phrase("loans_none")),))
    blocks: list[Block] = [_summary(material, pen)] if all(view.dpd is not None for view in running) else []
    for view in running:
        if view.dpd is None:
            why = pen.phrase("loans_missing_postings") if "loan_transactions" in view.missing else view.reason
            blocks.append(Line(pen.phrase("loans_unknown", loan=view.terms.id, reason=why), "warn"))
    ordered = sorted(running, key=lambda view: (-(view.dpd or 0), view.terms.end_date, view.terms.id))
    header = tuple(pen.word(key) for key in ("loan", "balance", "rate", "dpd", "overdue", "next_due", "matures", "class"))
    rows = tuple(_row(material, pen, view) for view in ordered[:MOST])
    blocks.append(Table(pen.word("loans"), header, rows, (18, 13, 7, 9, 12, 21, 11, 9), frozenset({1, 2, 3, 4})))
    if len(ordered) > MOST:
        blocks.append(Line(pen.phrase("loans_more", n=len(ordered) - MOST), "soft"))
    snapshot = material.desk.loan_book.snapshot(material.desk.clocks)
    if snapshot is not None and snapshot.book_date > material.as_of:
        blocks.append(
            Line(pen.phrase("loans_book_day", book=pen.date(snapshot.book_date), as_of=pen.date(material.as_of)), "soft")
        )
    sheet = timeline(material, pen)
    if sheet is not None:
        blocks.append(sheet)
    return Section("loans", pen.word("loans"), tuple(blocks))


def _summary(material: Material, pen: Pen) -> Line:
    dues = pen.sum([v for v in material.totals("dues_12m") if v.value]) or pen.plain(0)
    late = [view for view in material.running if view.dpd]
    if not late:
        state = next((v for v in material.values("loans", "arrears_state", "total")), None)
        return Line(pen.phrase("loans_summary_clear", dues=dues, mark=pen.mark(state) if state else ""), "good")
    overdue = pen.sum([v for v in material.totals("overdue_total") if v.value])
    return Line(pen.phrase("loans_summary_late", n=len(late), overdue=overdue, dues=dues), "bad")


def _row(material: Material, pen: Pen, view: LoanView) -> TableRow:
    id = view.terms.id
    dpd, late = value_of(material, "dpd", id), value_of(material, "overdue_total", id)
    due = value_of(material, "next_due_total", id)
    balance, rate, klass = (value_of(material, name, id) for name in ("balance", "rate", "classification"))
    row = row_of(material, "loans", id)
    product = (row.columns.get("product_name") if row else "") or ""
    if not product or (pen.language == "en" and has_cjk(product)):
        product = pen.code("loan_type", row.columns.get("type") if row else None)
    bad = bool(view.dpd)
    cells = (
        Cell(f"{id} {product}{pen.mark(row) if row else ''}"), Cell(pen.short(balance, marked=False) if balance else ""),
        Cell(pen.short(rate, marked=False) if rate else ""),
        Cell(pen.number(dpd, marked=False) if dpd else "?", "bad" if bad else ""),
        Cell(pen.short(late, marked=False) if late and bad else "", "bad" if bad else ""),
        Cell(pen.phrase("next_due", date=pen.date(due.when), amount=pen.short(due, marked=False)) if due and due.when else ""),
        Cell(pen.date(view.terms.end_date)), Cell(pen.code("classification", klass.state) if klass else ""),
    )  # fmt: skip
    return TableRow(cells)


def timeline(material: Material, pen: Pen) -> Chart | None:
    """Bars by month; loans of the currency most is owed in, since currencies are never added."""
    owed: dict[str, Decimal] = {}
    for view in material.running:
        owed[view.terms.currency] = owed.get(view.terms.currency, Decimal(0)) + (view.terms.balance or Decimal(0))
    currency = max(sorted(owed), key=lambda code: owed[code])
    dues = [
        Instalment(line.date, line.principal + line.interest, _kind(line, view.clocks.as_of))
        for view in material.running
        if view.ledger is not None and view.dpd is not None and view.terms.currency == currency
        for line in view.ledger.lines
    ]
    if not dues:
        return None
    caption = pen.phrase("loans_chart") + (f" ({currency})" if len(owed) > 1 else "")
    return Chart(dues_timeline(dues, material.as_of, pen.language, width=500, height=58), caption)


def _kind(line: SettledInstalment, as_of: date) -> Kind:
    if line.settled_on is not None:
        return "late" if line.days_late else "paid"
    return "unpaid" if line.date < as_of else "ahead"
