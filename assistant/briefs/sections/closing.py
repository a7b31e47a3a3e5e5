"""What to do: advice to the borrower, proposed actions with owner and date, and the data that is lacking with what would cure it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.briefs.findings import Finding, day_of
from assistant.briefs.material import Material
from assistant.briefs.model import Block, Cell, Line, Section, Table, TableRow
from assistant.briefs.pen import Pen
from assistant.briefs.sections.covenants import lacking
from tools.domain.facts import Row
from tools.domain.figures import Figure
from tools.rulebook.acts import Act, load_acts
from tools.toolbox.advice import Advice

MOST_ACTIONS = 6
MOST_GAPS = 8


def advice_section(material: Material, pen: Pen) -> Section:
    """What the borrower's own figures suggest."""
    lines = [Line(text) for piece in material.advice if (text := _advice(pen, piece))]
    return Section("advice", pen.word("advice"), tuple(lines) or (Line(pen.phrase("advice_none"), "soft"),))


def _advice(pen: Pen, piece: Advice) -> str:
    figure = piece.on[0]
    slots = {
        "amount": pen.short(piece.amount),
        "period": pen.label(figure),
        "metric": pen.metric(figure.name),
        "Metric": pen.Metric(figure.name),
    }
    match piece.kind:
        case "collect" | "stock":
            slots |= {"days": pen.short(figure), "span": pen.number(piece.days, marked=False) if piece.days else ""}
        case "collect_back" | "stock_back":
            slots |= {"before": pen.label(piece.on[-1]), "span": pen.short(piece.days, marked=False) if piece.days else ""}
        case "term_out":
            slots |= {"share": pen.short(figure), "target": pen.short(piece.share, marked=False) if piece.share else ""}
        case _:
            slots |= {"ratio": pen.short(figure)}
    return pen.phrase(f"advice_{piece.kind}", **slots)


def actions_section(material: Material, pen: Pen, found: Sequence[Finding]) -> Section:
    """One row per act of the playbook, the gravest finding that calls for it first."""
    playbook = load_acts(material.as_of)
    reasons: dict[str, list[Finding]] = {}
    for finding in found:
        for act in finding.acts:
            reasons.setdefault(act, []).append(finding)
    ordered = sorted((playbook[id] for id in reasons if id in playbook), key=lambda act: (act.due(material.as_of), act.order))
    rows = [_action(material, pen, act, reasons[act.id]) for act in ordered[:MOST_ACTIONS]]
    material.state(
        (),
        [Row("acts", act.id, {"name": act.name[pen.language], "due": act.due(material.as_of).isoformat()}) for act in ordered],
    )
    if not rows:
        return Section("actions", pen.word("actions"), (Line(pen.phrase("actions_none")),))
    header = tuple(pen.word(key) for key in ("action", "reason", "owner", "due"))
    return Section("actions", pen.word("actions"), (Table(pen.word("actions"), header, tuple(rows), (40, 30, 18, 12)),))


def _action(material: Material, pen: Pen, act: Act, reasons: Sequence[Finding]) -> TableRow:
    said = [pen.phrase(f"why_{f.kind}", about=f.about_for(act.id)) for f in reasons]
    abouts = pen.listed(list(dict.fromkeys(said))[:3])
    owner = act.owner[pen.language]
    row = material.rows["customers"][0] if material.rows["customers"] else None
    officer = row.columns.get("officer_id") if row else None
    if act.by_officer and officer:
        owner = f"{owner} {officer}"
    return TableRow(
        (Cell(f"{act.id} {act.name[pen.language]}"), Cell(abouts), Cell(owner), Cell(pen.date(act.due(material.as_of))))
    )


def gaps_section(material: Material, pen: Pen) -> tuple[Section, list[dict[str, Any]]]:
    """What is missing and what would cure it; the same as data for --json."""
    gaps = _gaps(material, pen)
    shapes = [{"missing": text.split("{")[0], "cure": cure, "kind": kind, "about": about} for kind, about, text, cure in gaps]
    if not gaps:
        return Section("gaps", pen.word("gaps"), (Line(pen.phrase("gaps_none")),)), []
    rows = tuple(TableRow((Cell(text), Cell(cure))) for _, _, text, cure in gaps[:MOST_GAPS])
    blocks: list[Block] = [Table(pen.word("gaps"), (pen.word("missing"), pen.word("cure")), rows, (54, 46))]
    return Section("gaps", pen.word("gaps"), tuple(blocks)), shapes


def _gaps(material: Material, pen: Pen) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = []

    def gap(kind: str, about: str, cure: str = "", **slots: object) -> None:
        found.append((kind, about, pen.phrase(f"gap_{kind}", **slots), pen.phrase(f"gap_{cure or kind}_cure")))

    if not material.has_statements:
        gap("statements", material.borrower.id)
    for row in material.due_papers:
        due = day_of(row, "due")
        late = next((v for v in material.values("documents", "paper_late") if row.id in v.inputs), None)
        if due is not None and due <= material.as_of:
            said = pen.phrase("gap_late", days=pen.number(late, marked=False)) if late else ""
            gap("paper", row.id, name=pen.paper(row.columns["name"]), due=pen.day(due), late=said, mark=pen.mark(row))
    for view in material.running:
        if view.dpd is None:
            gap("postings", view.terms.id, loan=view.terms.id)
    for one in material.covenants:
        if one.latest.missing and one.latest.status in ("not_evidenced", "stale"):
            gap("covenant", one.covenant.id, id=one.covenant.id, missing=lacking(pen, one.latest.missing))
    lacks: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for series in material.series:
        answer = series.lacking
        if isinstance(answer, Figure) and answer.status == "not_computable" and answer.missing:
            lacks.setdefault((pen.label(answer), answer.missing), []).append(series.name)
    for (period, names), wanting in lacks.items():
        missing = pen.listed([pen.metric(name) for name in names[:3]])
        if wanting == list(names):
            gap("item", wanting[0], "figure", missing=missing, period=period)
        else:
            gap("figure", wanting[0], metric=pen.listed([pen.metric(name) for name in wanting]), period=period, missing=missing)
    unknown = [v.signal for v in material.signals if v.verdict == "unknown"]
    if unknown:
        gap("signals", material.borrower.id, names=pen.listed(list(dict.fromkeys(unknown))[:3]), n=len(unknown))
    for paper in material.papers:
        if paper.status not in ("ok", ""):
            gap("partial", paper.sha256, name=paper.name)
    if not material.notes:
        gap("visit", material.borrower.id)
    return found
