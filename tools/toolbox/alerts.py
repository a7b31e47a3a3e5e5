"""Alerts and the last monitoring run as tools: what fires, why, who has it, until when, and what is suggested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.facts import Row
from tools.errors import BadRequest
from tools.store.alert_records import SEVERITIES, Alert
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

Which = Literal["live", "open", "taken", "snoozed", "cleared", "closed", "all"]
UNITS = frozenset({"ratio", "x", "days", "months", "currency", "score", "count", "percent_points", "date"})


def alerts(
    desk: Desk,
    borrower: str | None = None,
    alert: str | None = None,
    state: Which = "live",
    severity: str | None = None,
    limit: int = 20,
) -> ToolResult:
    """The tool: alerts of one borrower, one alert, or all the caller's, worst first, each with its explanation and suggested actions."""
    who = desk.borrower(borrower) if borrower else None
    store = desk.store.alerts
    if alert is not None:
        one = store.get(desk.caller, alert, desk.clocks)
        if one is None:
            raise BadRequest(f"no alert {alert!r}", fix="Use `alerts` to see the ids")
        found: Sequence[Alert] = [one]
    else:
        states = {"live": None, "all": ()}.get(state, (state,))
        severities = [severity] if severity else None
        found = store.list(
            desk.caller, borrower=who.id if who else None, states=states, severities=severities, clocks=desk.clocks
        )
    shown = list(found[:limit])
    owners = dict.fromkeys(one.borrower for one in shown)
    people = [who] if who else desk.store.borrowers.several(desk.caller, list(owners))
    values = [value for one in shown for value in alert_values(one)]
    about = who.id if who else None
    values.append(count_of("alerts", len(found), about))
    values += [count_of(f"alerts_{level}", sum(1 for one in found if one.severity == level), about) for level in SEVERITIES]
    values.append(count_of("borrowers_alerted", len({one.borrower for one in found}), about))
    missing = () if found or who is None else (f"{who.id}: no {state} alerts",)
    arguments = {"borrower": about, "alert": alert, "state": state, "severity": severity}
    artifact = Artifact(
        "alerts", arguments, tuple(desk.ref(b) for b in people), rows=tuple(row for one in shown for row in alert_rows(one)), values=tuple(values),
        missing=missing,
    )  # fmt: skip
    return ToolResult("\n".join([*(_line(one) for one in shown), *missing]) or "No alerts.", artifact)


def monitoring(desk: Desk) -> ToolResult:
    """The tool: the last monitoring run over all the caller's borrowers: how many of each signal, alerts by severity, proposals waiting."""
    runs = [
        run
        for run in desk.store.signal_results.runs(desk.caller)
        if run.recorded_at <= desk.clocks.known_at and run.as_of <= desk.clocks.as_of
    ]
    live = desk.store.alerts.list(desk.caller, clocks=desk.clocks)
    waiting = desk.store.proposals.list(desk.caller, clocks=desk.clocks)
    values = [
        count_of("alerts", len(live)),
        count_of("proposals", len(waiting)),
        count_of("borrowers_alerted", len({a.borrower for a in live})),
    ]
    values += [count_of(f"alerts_{level}", sum(1 for one in live if one.severity == level)) for level in SEVERITIES]
    if not runs:
        artifact = Artifact("monitoring", values=tuple(values), missing=("no monitoring run is recorded",))
        return ToolResult("No monitoring run is recorded; run `loanward monitor`.", artifact)
    last = runs[-1]
    report = last.report
    values += [count_of("loans_monitored", report["loans"]), count_of("borrowers_monitored", report["borrowers"])]
    values += [count_of(f"signal_{id}", found["hit"]) for id, found in report["signals"].items() if found["hit"]]
    values.append(Value("monitor:as_of", "as_of", None, "date", when=last.as_of))
    hits = ", ".join(f"{id} {found['hit']}" for id, found in report["signals"].items() if found["hit"])
    row = Row("monitor_runs", last.id, {"id": last.id, "as_of": last.as_of.isoformat(), "user": last.user})
    text = (
        f"Run {last.id} as of {last.as_of}: {report['borrowers']} borrowers, {report['loans']} loans; {len(live)} alerts live "
        f"({', '.join(f'{sum(1 for a in live if a.severity == s)} {s}' for s in reversed(SEVERITIES))}), {len(waiting)} proposals open; hits: {hits} "
        f"{mark('monitor:as_of')}"
    )
    return ToolResult(text, Artifact("monitoring", rows=(row,), values=tuple(values)))


def alert_values(one: Alert) -> list[Value]:
    """What an alert says: state, severity, days, and every value its explanation shows."""
    key = f"alert:{one.id}"
    inputs = tuple(dict.fromkeys(str(item["id"]) for item in (*one.figures, *one.evidence)))
    made = [
        Value(key, "alert", one.borrower, "state", None, None, one.opened, None, one.id, one.state, "", inputs),
        Value(
            f"{key}:severity", "severity", one.borrower, "state", None, None, one.opened, None, one.id, one.severity, "", inputs
        ),
        Value(f"{key}:opened", "opened", one.borrower, "date", when=one.opened, about=one.id),
    ]
    if one.due is not None:
        made.append(Value(f"{key}:due", "due", one.borrower, "date", when=one.due, about=one.id))
    for finding in one.findings:
        if finding.get("loan"):
            made.append(
                Value(f"{key}:loan:{finding['loan']}", "loan", one.borrower, "state", about=str(finding["loan"]), state="")
            )
    for place, slot in enumerate(one.values):
        unit = slot["unit"] if slot["unit"] in UNITS else "state"
        number = Decimal(slot["value"]) if slot.get("value") is not None and unit != "state" else None
        when = date.fromisoformat(slot["when"]) if slot.get("when") else None
        about = str(slot.get("loan") or slot.get("signal") or "")
        made.append(
            Value(
                f"{key}:{place}",
                str(slot["name"]),
                one.borrower,
                unit,
                number,
                slot.get("currency"),
                when,
                None,
                about,
                "",
                "",
                inputs,
            )
        )
    return made


def alert_rows(one: Alert) -> Iterable[Row]:
    """The alert as a row whose words may be quoted, its acts, and the rows and names it points to."""
    columns: dict[str, str | None] = {
        "alert": one.id, "severity": one.severity, "state": one.state, "owner": one.owner, "family": one.family,
        "signals": ", ".join(one.signals), "title_zh": one.title["zh"], "title_en": one.title["en"], "explanation_zh": one.explanation["zh"],
        "explanation_en": one.explanation["en"],
    }  # fmt: skip
    yield Row("alerts", one.id, columns)
    for signal in one.signals:
        yield Row("signal_rules", signal, {"signal": signal})
    for action in one.actions:
        yield Row(
            "acts",
            str(action["act"]),
            {"act": str(action["act"]), "name_zh": str(action["name_zh"]), "name_en": str(action["name_en"])},
        )
    for item in one.evidence:
        if item["kind"] == "row":
            yield Row(str(item["table"]), str(item["id"]), {str(k): v for k, v in item["columns"].items()})
    for slot in one.values:
        if slot.get("text"):
            yield Row("names", str(slot["text"]), {"name": str(slot["text"])})


def _line(one: Alert) -> str:
    return (
        f"{one.id} {one.severity} {one.state} of {one.borrower}, opened {one.opened}, due {one.due}, owner {one.owner or 'nobody'}: "
        f"{one.explanation['en']} {mark(f'alert:{one.id}')}"
    )
