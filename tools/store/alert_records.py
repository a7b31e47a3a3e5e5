"""One alert at one time, what a reader may be told of it, and the steps of its life.

An alert tells of its borrower, and sometimes of others: whose account the money went through, how a guarantor stands. Each finding
names those others; a reader who may not see one of them reads that the finding is there, and none of what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from tools.store.columns import time_text

State = Literal["open", "taken", "snoozed", "cleared", "closed"]
Outcome = Literal["true", "false", "duplicate", "accepted_risk"]
LIVE: tuple[str, ...] = ("open", "taken", "snoozed")
"""States in which the cause still stands and somebody has or will have to look."""
STATES = frozenset(get_args(State))
OUTCOMES = frozenset(get_args(Outcome))
WORKING_ROLES = frozenset({"officer", "manager", "reviewer", "approver", "local"})
"""Roles that may work an alert."""
SEVERITIES = ("yellow", "orange", "red")
RANK = {name: rank for rank, name in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert at one time. `signals` are the ids that fire; `title` and `explanation` by language; `opened` the business date it
    was (last) opened for; `due` until when it must be taken; `figures` and `evidence` open to their pages; `snoozed_until`,
    `outcome` and `reason` come from the last act. `position` counts its events."""

    id: str
    borrower: str
    family: str
    severity: str
    state: str
    signals: tuple[str, ...]
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    opened: date
    opened_at: datetime
    updated_at: datetime
    as_of: date
    owner: str | None
    due: date | None
    actions: tuple[Mapping[str, Any], ...]
    figures: tuple[Mapping[str, Any], ...]
    evidence: tuple[Mapping[str, Any], ...]
    values: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
    level: str | None
    snoozed_until: date | None
    outcome: str | None
    reason: str | None
    position: int
    language: str

    @property
    def owners(self) -> frozenset[str]:
        """Other customers whose data its findings tell of."""
        return frozenset(owner for finding in self.findings for owner in finding.get("owners", ()))

    def without(self, hidden: Collection[str]) -> Alert:
        """As somebody reads it who may not see the customers `hidden`: what tells of them gives way to a sentence that says so."""
        cut = [f for f in self.findings if set(f.get("owners", ())) & set(hidden)]
        if not cut:
            return self
        of = {(f["signal"], f.get("loan")) for f in cut}
        kept = [f for f in self.findings if (f["signal"], f.get("loan")) not in of]
        open_ = {id for finding in kept for id in finding.get("evidence", ())}
        return replace(
            self,
            explanation={language: _cut(text, cut, language) for language, text in self.explanation.items()},
            findings=tuple(_bare(f) if (f["signal"], f.get("loan")) in of else f for f in self.findings),
            figures=tuple(item for item in self.figures if item["id"] in open_),
            evidence=tuple(item for item in self.evidence if item["id"] in open_),
            values=tuple(value for value in self.values if (value["signal"], value.get("loan")) not in of),
        )

    @property
    def live(self) -> bool:
        """Open, taken or snoozed."""
        return self.state in LIVE

    def shape(self, language: str | None = None) -> dict[str, Any]:
        """The `alerts` shape; `title` and `explanation` in `language` (default: the borrower's own), both languages beside them."""
        spoken = language or self.language
        return {
            "alert": self.id, "borrower": self.borrower, "severity": self.severity, "signals": list(self.signals),
            "title": self.title[spoken], "explanation": self.explanation[spoken], "opened": self.opened.isoformat(),
            "state": self.state, "owner": self.owner, "due": self.due.isoformat() if self.due else None,
            "actions": [dict(action) for action in self.actions], "figures": [dict(figure) for figure in self.figures],
            "evidence": [dict(item) for item in self.evidence], "family": self.family, "level": self.level,
            "title_zh": self.title["zh"], "title_en": self.title["en"], "explanation_zh": self.explanation["zh"],
            "explanation_en": self.explanation["en"], "as_of": self.as_of.isoformat(), "updated_at": time_text(self.updated_at),
            "snoozed_until": self.snoozed_until.isoformat() if self.snoozed_until else None, "outcome": self.outcome,
            "reason": self.reason, "findings": [dict(finding) for finding in self.findings],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One step of an alert's life: opened, updated, escalated, reopened, cleared by the monitor; taken, snoozed, closed by a person."""

    alert: str
    position: int
    at: datetime
    as_of: date
    by: str
    act: str
    state: str
    severity: str
    reason: str | None
    trail_id: str

    def shape(self) -> dict[str, Any]:
        """For `alerts show`."""
        return {
            "position": self.position, "at": time_text(self.at), "as_of": self.as_of.isoformat(), "by": self.by, "act": self.act,
            "state": self.state, "severity": self.severity, "reason": self.reason, "trail_id": self.trail_id,
        }  # fmt: skip


def alert_id(borrower: str, family: str) -> str:
    """The same for the same borrower and root cause for ever, so that an alert that comes back is the one with the history."""
    return f"A-{hashlib.sha256(f'{borrower}|{family}'.encode()).hexdigest()[:10]}"


_TELLING = ("value", "threshold", "currency", "when")


def _bare(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding of which only its name is told."""
    texts = {f"text_{language}": finding[f"hidden_{language}"] for language in ("zh", "en")}
    return {**finding, **dict.fromkeys(_TELLING), **texts, "evidence": [], "owners": []}


def _cut(text: str, findings: Collection[Mapping[str, Any]], language: str) -> str:
    """The explanation with the sentences of these findings exchanged, longest first: one may stand within another."""
    for finding in sorted(findings, key=lambda f: -len(f[f"text_{language}"])):
        said, instead = finding[f"text_{language}"], finding[f"hidden_{language}"]
        if said:
            text = text.replace(said, instead).replace(said[:1].upper() + said[1:], instead)
    return text


_STORED = (
    "title",
    "explanation",
    "signals",
    "owner",
    "actions",
    "figures",
    "evidence",
    "values",
    "findings",
    "level",
    "outcome",
    "reason",
    "language",
)


def content_of(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in _STORED} | {
        "opened": alert.opened, "due": alert.due, "snoozed_until": alert.snoozed_until,
    }  # fmt: skip


def alert_of(row: Any) -> Alert:
    content = row.content

    def day(name: str) -> date | None:
        return date.fromisoformat(content[name]) if content.get(name) else None

    opened = day("opened")
    assert opened is not None
    lists = {name: tuple(content[name]) for name in ("signals", "actions", "figures", "evidence", "values", "findings")}
    return Alert(
        id=row.id, borrower=row.borrower, family=row.family, severity=row.severity, state=row.state, title=content["title"],
        explanation=content["explanation"], opened=opened, opened_at=row.first_at, updated_at=row.at, as_of=row.as_of,
        owner=content["owner"], due=day("due"), level=content["level"], snoozed_until=day("snoozed_until"),
        outcome=content["outcome"], reason=content["reason"], position=row.position, language=content["language"], **lists,
    )  # fmt: skip
