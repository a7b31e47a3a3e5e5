"""A run of the golden set as a page, two models side by side, and against the baseline kept in the repository."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.golden.running import GoldenReport

BASELINE = Path(__file__).parent / "baseline.json"
_STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;margin:24px;color:#1a2733}table{border-collapse:collapse;width:100%;margin:12px 0}"
    "td,th{border:1px solid #d5dde5;padding:6px 8px;text-align:left;vertical-align:top}th{background:#eef3f7}"
    ".ok{color:#0b6b3a}.bad{color:#a11d1d}td pre{white-space:pre-wrap;margin:0;font:12px/1.45 ui-monospace,monospace}"
)


def summary(report: GoldenReport) -> dict[str, Any]:
    """What a baseline keeps: shares by language and file, and which questions were not fully right."""
    return {
        "zh": list(report.share("zh")), "en": list(report.share("en")), "files": {k: list(v) for k, v in sorted(report.by_file().items())},
        "missed": sorted(o.question.id for o in report.outcomes if o.faults),
    }  # fmt: skip


def baseline(path: Path = BASELINE) -> Mapping[str, Any]:
    """The baseline kept in the repository."""
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def worse(report: GoldenReport, kept: Mapping[str, Any]) -> list[str]:
    """Questions that were right in the baseline and are not any more."""
    known = set(kept["missed"])
    return sorted(o.question.id for o in report.outcomes if o.faults and o.question.id not in known)


def page(reports: Mapping[str, GoldenReport], kept: Mapping[str, Any] | None = None) -> str:
    """One HTML page: shares of each model, what got worse, and every question with its answers."""
    names = list(reports)
    out = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Golden set</title><style>{_STYLE}</style><h1>Golden set</h1>"
    ]
    out.append("<table><tr><th>Model</th><th>Chinese</th><th>English</th><th>Median ms</th></tr>")
    for name, report in reports.items():
        times = sorted(o.ms for o in report.outcomes)
        cells = "".join(
            f"<td>{right} of {asked} ({right / asked:.1%})</td>" if asked else "<td>-</td>"
            for right, asked in map(report.share, ("zh", "en"))
        )
        out.append(f"<tr><td>{html.escape(name)}</td>{cells}<td>{times[len(times) // 2] if times else '-'}</td></tr>")
    out.append("</table>")
    if kept is not None:
        lost = [id for report in reports.values() for id in worse(report, kept)]
        out.append(f"<p>Against the baseline: {'nothing got worse' if not lost else html.escape(', '.join(lost))}.</p>")
    out.append("<table><tr><th>Question</th>" + "".join(f"<th>{html.escape(name)}</th>" for name in names) + "</tr>")
    first = reports[names[0]]
    others: Sequence[Mapping[str, Any]] = [{o.question.id: o for o in reports[name].outcomes} for name in names]
    for outcome in first.outcomes:
        cells = "".join(_cell(table.get(outcome.question.id)) for table in others)
        out.append(f"<tr><td>{html.escape(outcome.question.id)}<br>{html.escape(outcome.question.text)}</td>{cells}</tr>")
    out.append("</table></html>")
    return "".join(out)


def _cell(outcome: Any) -> str:
    if outcome is None:
        return "<td>-</td>"
    verdict = (
        "<span class='ok'>right</span>"
        if not outcome.faults
        else f"<span class='bad'>{html.escape('; '.join(outcome.faults))}</span>"
    )
    return f"<td>{verdict} · {html.escape(outcome.status)} · {outcome.ms} ms<pre>{html.escape(outcome.answer[:900])}</pre></td>"
