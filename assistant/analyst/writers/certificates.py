"""What a borrower certified beside our own tests, ratio by ratio, and how it says it counted."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.warnings import artifact_of
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Value
from tools.toolbox.clauses import sentences_in
from tools.toolbox.rendering import shown
from tools.toolbox.steering import steers

MOST = 12
_COUNTED = re.compile(
    r"不含|未(包括|含|计入)|剔除|除外|扣除|不计|视为|加回|left out|exclud|not includ|treated as|net of|add(ed)?[- ]back|without",
    re.IGNORECASE,
)


def write_certificate(draft: Draft, part: Part) -> None:
    """Every certified ratio with ours beside it, those that differ first; then the borrower's own words on what it left out."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "certificates", heard.id)
        claims = [v for v in artifact.values if v.name == "certified" and v.value is not None] if artifact else []
        if artifact is None or not claims:
            draft.say("certificate_absent", who=draft.who(heard.id))
            draft.is_("not_available")
            continue
        newest = max(v.when for v in claims if v.when)
        figures = {f.id: f for f in artifact.figures}
        differing = {v.about: v for v in artifact.values if v.name == "certificate_difference" and v.when == newest}
        draft.say("certificate_head", who=draft.who(heard.id), date=draft.day(newest))
        for value in sorted((v for v in claims if v.when == newest), key=lambda v: v.about not in differing)[:MOST]:
            _line(draft, value, differing.get(value.about), figures)
        told: set[str] = set()
        for passage in artifact.passages:
            for said in sentences_in(passage.text):
                if _COUNTED.search(said) and not steers(said) and said not in told and len(told) < 3:
                    told.add(said)
                    draft.quote(passage, said)
        draft.is_("answered")


def _line(draft: Draft, value: Value, difference: Value | None, figures: dict[str, Figure]) -> None:
    stated = shown(value.value or Decimal(0), value.unit, value.currency, draft.language, exact=False) + draft.mark(value)
    figure = next((figures[id] for id in difference.inputs if id in figures), None) if difference else None
    if difference is None or figure is None:
        draft.say("certificate_same", id=value.about, stated=stated)
        return
    draft.say(
        "certificate_differs",
        id=value.about,
        metric=draft.metric(figure.name),
        stated=stated,
        ours=draft.number(figure),
        size=draft.size(difference),
    )
