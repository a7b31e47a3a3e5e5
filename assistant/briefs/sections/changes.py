"""What changed since the month before, each with the page or row that proves it.

Two states are compared: that of the last day of the month before, with the papers received by then, and today's.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assistant.briefs.findings import day_of, event_phrase, quoted, row_of, value_of
from assistant.briefs.material import Material
from assistant.briefs.model import Line, Section
from assistant.briefs.pen import Pen
from assistant.briefs.series import Series
from tools.domain.loan_views import LoanView
from tools.toolbox.artifacts import Value, count_of
from tools.toolbox.figures import end_of

MOST_PAPERS = 5
MOST_FIGURES = 6
MOST_DUES = 6
BAD = frozenset({"breach", "at_risk", "stale", "not_evidenced"})


def changes_section(material: Material, pen: Pen) -> Section:
    """Papers, figures, covenants, payments, events, in that order."""
    when = pen.day(material.since)
    if material.first_brief:
        return Section("changes", pen.word("changes"), (Line(pen.phrase("changes_first", date=when)),))
    lines = [
        *_papers(material, pen),
        *_figures(material, pen),
        *_covenants(material, pen),
        *_loans(material, pen),
        *_events(material, pen),
    ]
    if not lines:
        return Section("changes", pen.word("changes"), (Line(pen.phrase("changes_none", date=when)),))
    return Section("changes", pen.word("changes"), tuple(lines))


def _papers(material: Material, pen: Pen) -> list[Line]:
    lines = []
    for paper in material.new_papers[-MOST_PAPERS:]:
        row = row_of(material, "documents", paper.sha256[:12])
        if row is not None:
            kind = pen.code("document_kind", paper.kind)
            text = pen.phrase(
                "new_paper", date=pen.day(paper.received_at.date()), name=pen.paper(paper.name), kind=kind, mark=pen.mark(row)
            )
            lines.append(Line(text))
    left = len(material.new_papers) - len(lines)
    if left > 0:
        material.state([count_of("documents", left, material.borrower.id)])
    return lines + ([Line(pen.phrase("new_papers_many", n=left))] if left > 0 else [])


def _figures(material: Material, pen: Pen) -> list[Line]:
    """Figures that have a newer period than a month ago, or another value for the same one."""
    before = {series.name: series for series in material.series_then}
    lines = []
    for series in material.series:
        earlier = before.get(series.name)
        if series.latest is None or (earlier is not None and not _newer(earlier, series)):
            continue
        slots = {
            "metric": pen.metric(series.name),
            "Metric": pen.Metric(series.name),
            "v2": pen.short(series.latest),
            "p2": pen.label(series.latest),
        }
        then = earlier.latest if earlier is not None else None
        if then is None or then.value is None or then.currency != series.latest.currency:
            lines.append(Line(pen.phrase("moved_new", **slots)))
            continue
        size = (series.latest.value or Decimal(0)) - then.value
        direction = "rise" if size > 0 else "fall" if size < 0 else "flat"
        material.state([
            Value(f"brief:moved:{then.id}:{series.latest.id}", "change", material.borrower.id, "count", None, None, end_of(series.latest),
                  end_of(then), series.name, "", direction, (then.id, series.latest.id))
        ])  # fmt: skip
        lines.append(Line(pen.phrase(f"moved_{direction}", **slots, v1=pen.short(then), p1=pen.label(then))))
    return lines[:MOST_FIGURES]


def _newer(then: Series, now: Series) -> bool:
    if then.latest is None or now.latest is None:
        return now.latest is not None
    later, same = end_of(now.latest) > end_of(then.latest), end_of(now.latest) == end_of(then.latest)
    return later or (same and now.latest.value != then.latest.value)


def _covenants(material: Material, pen: Pen) -> list[Line]:
    before = {one.covenant.id: one.latest for one in material.covenants_then}
    lines = []
    for one in material.covenants:
        id, now = one.covenant.id, one.latest
        was = before.get(id)
        status = value_of(material, "covenant_status", id)
        if status is None or was is None or was.status == now.status:
            continue
        earlier = Value(f"brief:then:{status.id}", "covenant_status", material.borrower.id, "state", None, None, was.test_date, None, id, was.status,
                        "", status.inputs)  # fmt: skip
        material.state([earlier])
        text = pen.phrase("covenant_turned", id=id, name=quoted(pen, one.covenant.name), before=pen.code("covenant_status", was.status),
                          now=pen.code("covenant_status", now.status) + pen.mark(status))  # fmt: skip
        lines.append(Line(text, "bad" if now.status == "breach" else "warn" if now.status in BAD else ""))
    return lines


def _loans(material: Material, pen: Pen) -> list[Line]:
    lines: list[Line] = []
    then = {view.terms.id: view for view in material.views_then}
    for view in material.views:
        row = row_of(material, "loans", view.terms.id)
        mark = pen.mark(row) if row else ""
        if material.since < view.terms.start_date <= material.as_of:
            amount = value_of(material, "orig_notional", view.terms.id)
            text = pen.phrase(
                "loan_new", loan=view.terms.id, date=pen.day(view.terms.start_date), amount=pen.short(amount) if amount else ""
            )
            lines.append(Line(text))
        was = then.get(view.terms.id)
        if _repaid_since(material, view):
            lines.append(Line(pen.phrase("loan_gone", loan=view.terms.id) + mark))
        elif was is not None and was.dpd and view.dpd == 0:
            lines.append(Line(pen.phrase("cleared_arrears", loan=view.terms.id) + mark, "good"))
        lines += _dues(material, pen, view)
    return lines[:MOST_DUES]


def _repaid_since(material: Material, view: LoanView) -> bool:
    """Closed, and the last of it came after the month before had ended."""
    if view.terms.status != "closed" or view.ledger is None:
        return False
    days = [line.settled_on for line in view.ledger.lines if line.settled_on is not None]
    return bool(days) and max(days) > material.since


def _dues(material: Material, pen: Pen, view: LoanView) -> list[Line]:
    """What fell due since the month before, and whether it came."""
    if view.ledger is None or view.dpd is None:
        return []
    lines = []
    for line in view.ledger.lines:
        if not material.since < line.date < material.as_of or line.principal + line.interest <= 0:
            continue
        id, source = view.terms.id, f"loans:{view.terms.id}"
        total = Value(f"brief:due:{id}:{line.date}", "due_total", view.terms.borrower, "currency", line.principal + line.interest, view.terms.currency,
                      line.date, None, id, inputs=(source,))  # fmt: skip
        day = Value(
            f"brief:dueday:{id}:{line.date}",
            "due",
            view.terms.borrower,
            "date",
            None,
            None,
            line.date,
            about=id,
            inputs=(source,),
        )
        made = [total, day]
        slots = {"loan": id, "date": pen.day(line.date), "amount": pen.short(total)}
        if line.settled_on is None:
            lines.append(Line(pen.phrase("due_missed", **slots), "bad"))
        elif line.days_late:
            late = Value(f"brief:late:{id}:{line.date}", "days_late", view.terms.borrower, "days", Decimal(line.days_late), None, line.date, None, id,
                         inputs=(source,))  # fmt: skip
            made.append(late)
            lines.append(Line(pen.phrase("due_late", **slots, days=pen.number(late, marked=False)), "warn"))
        else:
            lines.append(Line(pen.phrase("due_paid", **slots)))
        material.state(made)
    return lines


def _events(material: Material, pen: Pen) -> list[Line]:
    lines = []
    for row in material.rows["events"]:
        day = day_of(row, "date")
        if day and material.since < day <= material.as_of:
            lines.append(Line(event_phrase(pen, row, day), "bad"))
    for row in material.rows["collateral"]:
        day = day_of(row, "seized_on")
        if day and material.since < day <= material.as_of:
            text = pen.phrase("find_seized", type=pen.code("collateral_type", row.columns.get("type")), description=row.columns.get("description") or "",
                              date=pen.day(day), mark=pen.mark(row))  # fmt: skip
            lines.append(Line(text, "bad"))
    return lines


def month_of(day: date) -> str:
    """2026-10."""
    return f"{day:%Y-%m}"
