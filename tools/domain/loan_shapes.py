"""The `loans` JSON shape of interfaces, from a view.

Money and rates as strings of plain decimals, amounts in cents; what is unknown is null and named in `missing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.domain.arrears import Due, Overdue
from tools.domain.ledger import SettledInstalment
from tools.domain.loan_views import LoanView
from tools.domain.money import cents_or_none, plain
from tools.domain.rules import Known, RuleResult

Tasks = Mapping[str, Mapping[str, str]]


def loan_shape(view: LoanView, tasks: Tasks | None = None, *, schedule: bool = False) -> dict[str, Any]:
    """One element of `loans`; `schedule` adds the rows; `tasks` (ClassificationRules.tasks) words what would decide the unknown."""
    terms, ahead = view.terms, view.next_due
    shape: dict[str, Any] = {
        "loan": terms.id, "borrower": terms.borrower, "currency": terms.currency,
        "balance": cents_or_none(terms.balance), "rate": plain(terms.rate), "repayment_type": terms.repayment_type,
        "start_date": terms.start_date.isoformat(), "end_date": terms.end_date.isoformat(),
        "as_of": view.clocks.as_of.isoformat(), "dpd": view.dpd, "bucket": view.bucket,
        "oldest_unpaid_due": view.oldest_unpaid_due.isoformat() if view.oldest_unpaid_due else None,
        "overdue": overdue_shape(view.overdue),
        "next_due": _next(ahead) if ahead else None,
        "dues_12m": cents_or_none(view.dues_12m.total) if view.dues_12m else None,
        "stage": view.classification.stage if view.classification else view.record.stage,
        "classification": classification_shape(view, tasks or {}),
        "regulatory_bucket": view.regulatory_bucket, "max_dpd": view.max_dpd,
        "max_dpd_on": view.max_dpd_on.isoformat() if view.max_dpd_on else None,
        "inherited": [{"loan": loan, "max_dpd": dpd} for loan, dpd in view.inherited],
        "observation": _observation(view), "status": terms.status, "flags": list(view.flags), "missing": list(view.missing),
        "reason": view.reason,
    }  # fmt: skip
    if schedule:
        shape["rate_resets"] = [
            {"from": reset.from_date.isoformat(), "rate": plain(reset.rate), "expected": reset.expected}
            for reset in view.resets
        ]
        shape["schedule"] = [row_shape(line) for line in view.ledger.lines] if view.ledger else []
    return shape


def overdue_shape(late: Overdue | None) -> dict[str, str | None]:
    """{principal, interest, penalty, total}; fees and penalty left on instalments paid late are not in the total."""
    if late is None:
        return dict.fromkeys(("principal", "interest", "penalty", "total", "fee", "penalty_on_paid"))
    return {
        "principal": cents_or_none(late.principal), "interest": cents_or_none(late.interest), "penalty": cents_or_none(late.penalty),
        "total": cents_or_none(late.total), "fee": cents_or_none(late.fee), "penalty_on_paid": cents_or_none(late.penalty_on_paid),
    }  # fmt: skip


def row_shape(line: SettledInstalment) -> dict[str, Any]:
    """One row of the schedule."""
    return {
        "date": line.date.isoformat(), "principal": cents_or_none(line.principal), "interest": cents_or_none(line.interest),
        "paid_principal": cents_or_none(line.paid_principal), "paid_interest": cents_or_none(line.paid_interest), "source": line.source,
        "fee": cents_or_none(line.fee), "penalty": cents_or_none(line.penalty + line.compound),
        "settled_on": line.settled_on.isoformat() if line.settled_on else None, "days_late": line.days_late,
    }  # fmt: skip


def classification_shape(view: LoanView, tasks: Tasks) -> dict[str, Any]:
    """{current, proposed, floors, unknown, ...}; a closed loan has no proposal."""
    result = view.classification
    if result is None:
        return {"current": view.record.classification, "proposed": None, "floors": [], "unknown": []}
    return {
        "current": result.current, "proposed": result.proposed,
        "floors": [_finding(hit) for hit in result.floors],
        "unknown": [_unknown(open_, tasks) for open_ in result.unknown],
        "exempted": [_finding(lifted) | {"exempted_by": lifted.exempted_by} for lifted in result.exempted],
        "tasks": [_finding(task) for task in result.tasks],
        "stage_rules": [_finding(hit) for hit in result.stage_rules],
        "occ": result.occ,
    }  # fmt: skip


def evidence_of(result: RuleResult) -> list[dict[str, Any]]:
    """Measures the rule looked at, with their values and the rows they were read from."""
    return [_known(name, known) for name, known in result.inputs.items() if known.value is not None]


def _finding(result: RuleResult) -> dict[str, Any]:
    kind, value = result.rule.effect
    return {
        "rule": result.rule.id, "version": result.rule.origin.version, kind: value, "evidence": evidence_of(result),
        "explain": {language: result.told(language) for language in result.rule.explain},
    }  # fmt: skip


def _unknown(result: RuleResult, tasks: Tasks) -> dict[str, Any]:
    return {
        "rule": result.rule.id, "version": result.rule.origin.version, "missing": list(result.missing),
        "tasks": [dict(tasks[name]) for name in result.missing if name in tasks],
    }  # fmt: skip


def _known(name: str, known: Known) -> dict[str, Any]:
    return {"measure": name, "value": known.text, "rows": [{"table": table, "id": id} for table, id in known.rows]}


def _observation(view: LoanView) -> dict[str, Any] | None:
    seen = view.observation
    if seen is None:
        return None
    return {
        "state": seen.state, "started": seen.started.isoformat() if seen.started else None,
        "ends": seen.ends.isoformat() if seen.ends else None, "misses": [day.isoformat() for day in seen.misses],
    }  # fmt: skip


def _next(due: Due) -> dict[str, str | None]:
    return {"date": due.date.isoformat(), "principal": cents_or_none(due.principal), "interest": cents_or_none(due.interest)}
