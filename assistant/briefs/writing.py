"""From the material to the brief of one language: header, verdict, sections in the order of the handbook, footer."""

from __future__ import annotations

from datetime import date

from assistant.analyst.glossary import Glossary
from assistant.briefs.findings import MOST, findings_of, level_of, verdict
from assistant.briefs.material import Material
from assistant.briefs.model import Brief
from assistant.briefs.pen import Pen
from assistant.briefs.sections.changes import changes_section, month_of
from assistant.briefs.sections.closing import actions_section, advice_section, gaps_section
from assistant.briefs.sections.covenants import covenants_section
from assistant.briefs.sections.figures import figures_section
from assistant.briefs.sections.loans import loans_section
from assistant.briefs.sections.signals import signals_section
from assistant.briefs.sections.surroundings import notes_section, support_section
from assistant.briefs.sections.usage import usage_section
from prompts.library import digest, phrase_book
from tools.domain.shapes import figure_shape
from tools.rulebook.acts import load_acts


def write_brief(material: Material, glossary: Glossary, language: str, rules: str) -> Brief:
    """The brief with marks still in its texts; `rules` is the rulebook's digest."""
    pen = Pen(language, glossary, material.artifacts, material.as_of)
    found = findings_of(material, pen)
    level = level_of(material, found)
    gaps, lacking = gaps_section(material, pen)
    told = {finding.signal for finding in found[:MOST]}
    sections = (
        changes_section(material, pen), figures_section(material, pen), covenants_section(material, pen), loans_section(material, pen),
        signals_section(material, pen, told), usage_section(material, pen), support_section(material, pen), notes_section(material, pen),
        advice_section(material, pen), actions_section(material, pen, found), gaps,
    )  # fmt: skip
    known = freshness(material)
    words = phrase_book(f"brief_{language}")["levels"]
    acts = sorted(act.rule for act in load_acts(material.as_of).values())
    return Brief(
        borrower=material.borrower.id, name=pen.who(material.borrower.id).strip(), month=month_of(material.month), language=language,
        as_of=material.as_of, title=pen.word("title"), level=level, level_text=str(words[level]), verdict=tuple(verdict(material, pen, found, level)),
        head=_head(material, pen, known), sections=sections, sources=(),
        foot=(pen.phrase("drafted"), pen.phrase("clocks", as_of=pen.date(material.as_of), known=pen.date(known) if known else "–"),
              pen.phrase("rules", rules=rules[:8], prompts=digest()[:8]) if acts else ""),
        figures=tuple(figure_shape(f) for artifact in material.artifacts if artifact.tool == "key_figures" for f in artifact.figures),
        gaps=tuple(lacking),
    )  # fmt: skip


def freshness(material: Material) -> date | None:
    """The day the newest paper or book came that this brief could have used."""
    return max(material.arrivals, default=None)


def _head(material: Material, pen: Pen, known: date | None) -> tuple[tuple[str, str], ...]:
    customer = material.rows["customers"][0].columns if material.rows["customers"] else {}
    mark = pen.mark(material.rows["customers"][0]) if material.rows["customers"] else ""
    balances = material.totals("balance")
    pairs = [
        (pen.word("id"), material.borrower.id),
        (pen.word("registration_id"), customer.get("registration_id") or ""),
        (pen.word("exposure"), pen.sum(balances)),
        (pen.word("classification"), _classes(material, pen)),
        (pen.word("rating"), f"{customer['internal_rating']}{mark}" if customer.get("internal_rating") else ""),
        (pen.word("officer"), customer.get("officer_id") or ""),
        (pen.word("as_of"), pen.date(material.as_of)),
        (pen.word("freshness"), pen.date(known) if known else ""),
    ]
    return tuple((name, value) for name, value in pairs if value)


def _classes(material: Material, pen: Pen) -> str:
    """The worst class on the books, and the worst proposed when it is worse."""
    current = {v.state for v in material.values("loans", "classification") if _runs(material, v.about)}
    proposed = {v.state for v in material.values("loans", "classification_proposed") if _runs(material, v.about)}
    order = list(phrase_book("codes")["codes"]["classification"])
    worst = max(current, key=order.index, default=None)
    if worst is None:
        return ""
    worse = max(proposed, key=order.index, default=worst)
    if order.index(worse) > order.index(worst):
        return pen.phrase(
            "head_class_proposed", current=pen.code("classification", worst), proposed=pen.code("classification", worse)
        )
    return pen.phrase("head_class", current=pen.code("classification", worst))


def _runs(material: Material, loan: str) -> bool:
    return any(view.terms.id == loan for view in material.running)
