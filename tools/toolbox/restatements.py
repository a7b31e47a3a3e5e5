"""A figure as first reported beside as it stands now: what a later report corrected.

The first value is what the bank knew before the report that changed the period arrived, so that a ratio over several changed lines is
the ratio of that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from tools.domain.facts import Fact, Scope
from tools.domain.figures import Figure
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import Answer, available, end_of, known, look_up, metric_id, unit_of, value_at
from tools.toolbox.periods import Target
from tools.toolbox.references import mark

MOMENT = timedelta(microseconds=1)


def restatements(
    desk: Desk, borrower: str, names: Sequence[str], periods: Sequence[str] = ("last3y",), scope: Scope = "consolidated"
) -> ToolResult:
    """The tool: each metric at each period as it stands and as first reported, with the difference where a later report changed it."""
    who = desk.borrower(borrower)
    ids = list(dict.fromkeys(metric_id(desk, name) for name in names))
    if not ids:
        raise BadRequest("no figure was named", fix="Name at least one metric or line item")
    history = desk.store.facts.history(desk.caller, who.id, desk.clocks)
    made: list[Answer] = []
    values: list[Value] = []
    for asked in look_up(desk, who.id, ids, periods, None, scope):
        now = asked.answer
        made.append(now)
        if known(now) is None:
            continue
        first = _first(desk, who.id, asked.name, asked.target, history, now, scope)
        if first is None:
            values.append(
                Value(
                    f"restated:{now.id}",
                    "restatement_change",
                    who.id,
                    "state",
                    when=end_of(now),
                    about=asked.name,
                    state="as_reported",
                    inputs=(now.id,),
                )
            )
            continue
        made.append(first)
        difference = (known(now) or Decimal(0)) - (known(first) or Decimal(0))
        unit = unit_of(now)
        values.append(
            Value(f"restated:{now.id}", "restatement_change", who.id, "percent_points" if unit == "ratio" else unit, difference, now.currency, end_of(now),
                  about=asked.name, state="restated", direction="rise" if difference > 0 else "fall", inputs=(first.id, now.id))
        )  # fmt: skip
    if any(known(answer) is None for answer in made):
        values += available(desk, who.id, scope)
    artifact = Artifact(
        "restatements", {"borrower": who.id, "names": ids, "periods": list(periods), "scope": scope}, (desk.ref(who),),
        tuple(a for a in made if isinstance(a, Figure)), tuple(a for a in made if isinstance(a, Fact)), values=tuple(values),
    )  # fmt: skip
    lines = [
        f"{v.about} {v.when}: {v.state} {v.value if v.value is not None else ''} {v.unit} {mark(*v.inputs)}"
        for v in values
        if v.name == "restatement_change"
    ]
    return ToolResult("\n".join(lines) or "No such figure.", artifact)


def _first(
    desk: Desk, borrower: str, name: str, target: Target, history: Sequence[Fact], now: Answer, scope: Scope
) -> Answer | None:  # fmt: skip
    """The value before the first report that changed a line it rests on; None when nothing did."""
    facts = [now] if isinstance(now, Fact) else list(now.facts())
    moments: list[datetime] = []
    for fact in facts:
        place, known_since = (fact.item, fact.period, fact.scope), fact.recorded_at
        others = [f for f in history if (f.item, f.period, f.scope) == place and f.value != fact.value]
        if known_since is not None and any(f.recorded_at is not None and f.recorded_at < known_since for f in others):
            moments.append(known_since)
    if not moments:
        return None
    then = value_at(desk.at(known_at=min(moments) - MOMENT), borrower, name, target, None, scope)
    return then if known(then) is not None and known(then) != known(now) else None
