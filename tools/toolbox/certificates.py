"""Borrowers' compliance certificates held against our own tests: every number recomputed, every difference shown with both values.

A certificate is a claim by the borrower. It is read from the passages of its document, matched to covenants by metric, limit and
name, and whatever cannot be matched or computed is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from tools.domain.certificate_reading import Certificate, StatedPart, StatedRow, read_certificate
from tools.domain.certificates import Difference, Stated, certificate_differences
from tools.domain.covenant_tests import CovenantTest
from tools.domain.facts import Passage
from tools.domain.figures import Figure
from tools.domain.money import plain
from tools.rulebook.certificate_words import load_certificate_words
from tools.rulebook.vocabulary import normalised
from tools.store.documents import Document
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.covenant_desk import assessments
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

PLACES = Decimal("0.0000000001")
ALIKE = Decimal("0.75")
ENOUGH = 3
"""Points a row needs to be taken for a covenant's: its metric, or its limit and operator together."""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One stated covenant beside our test. `test` None: none of ours matches. `differences` is empty when all of it agrees."""

    stated: StatedRow
    test: CovenantTest | None
    differences: tuple[Difference, ...]
    limit_differs: bool


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """An amount the certificate says it used beside our figure of the same name."""

    stated: StatedPart
    metric: str
    figure: Figure | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """One certificate and everything in it."""

    borrower: str
    document: Document
    period_end: date | None
    rows: tuple[CheckedRow, ...]
    parts: tuple[CheckedPart, ...]
    passages: tuple[Passage, ...]

    @property
    def agrees(self) -> bool | None:
        """Whether all of it was recomputed and agrees; None when something could not be."""
        if not self.rows or any(row.test is None or row.test.actual is None for row in self.rows):
            return None
        return not any(row.differences or row.limit_differs for row in self.rows)

    def shape(self) -> dict[str, Any]:
        """JSON."""
        return {
            "borrower": self.borrower, "document": self.document.name, "sha256": self.document.sha256,
            "period_end": self.period_end.isoformat() if self.period_end else None, "agrees": self.agrees,
            "rows": [_row(row) for row in self.rows], "workings": [_part(part) for part in self.parts],
            "citations": [{"passage": p.id, "page": p.source.page} for p in self.passages],
        }  # fmt: skip


def checked_certificates(desk: Desk, borrower: str) -> list[CheckedCertificate]:
    """Every certificate of a borrower, newest period first. UnknownBorrower when the caller sees none such."""
    who = desk.borrower(borrower).id
    asked = {
        row["file"].rsplit("/", 1)[-1]: row["period_end"]
        for row in desk.loan_book.rows(desk.caller, "documents", desk.clocks, borrower=who)
    }
    tests = [test for found in assessments(desk, who) for test in found.tests]
    words = load_certificate_words()
    found: list[CheckedCertificate] = []
    for document in desk.store.documents.list(desk.caller, who, None, desk.clocks):
        passages = desk.store.passages.of_document(desk.caller, document.sha256) if _may_be(document) else []
        read = read_certificate("\n".join(p.text for p in passages), words) if passages else None
        if read is None:
            continue
        period = asked.get(document.name) or document.period_end or read.period_end
        if read.period_end is not None and period != read.period_end:
            period = read.period_end
        rows = tuple(_checked(desk, row, period, tests) for row in read.rows)
        found.append(CheckedCertificate(who, document, period, rows, tuple(_parts(desk, who, read, period)), tuple(passages)))
    return sorted(found, key=lambda one: (one.period_end or date.min, one.document.name), reverse=True)


def certificates(desk: Desk, borrower: str) -> ToolResult:
    """The tool: what the borrower certified against what we compute, with each difference and the amounts it used."""
    found = checked_certificates(desk, borrower)
    who = desk.borrower(borrower)
    values = tuple(value for one in found for value in _values(one))
    figures = {f.id: f for one in found for f in _figures(one)}
    passages = tuple(p for one in found for p in one.passages)
    missing = () if found else (f"{who.id}: no compliance certificate is on file",)
    artifact = Artifact(
        "certificates",
        {"borrower": who.id},
        (desk.ref(who),),
        tuple(figures.values()),
        values=values,
        passages=passages,
        missing=missing,
    )
    return ToolResult("\n".join([*(line for one in found for line in _lines(one)), *missing]), artifact)


def _may_be(document: Document) -> bool:
    return document.kind in ("other", "contract", "compliance_certificate", "statement")


def _checked(desk: Desk, row: StatedRow, period: date | None, tests: Sequence[CovenantTest]) -> CheckedRow:
    best = _matched(desk, row, period, tests)
    if best is None or best.test_date is None:
        return CheckedRow(row, None, (), False)
    claim = Stated(best.covenant.id, best.test_date, row.value, row.compliant, row.step)
    limit = best.limit.single if best.limit else None
    return CheckedRow(row, best, tuple(certificate_differences([claim], [best])), limit is not None and limit != row.limit)


def _matched(desk: Desk, row: StatedRow, period: date | None, tests: Sequence[CovenantTest]) -> CovenantTest | None:
    metric = desk.rulebook.metric_index.get(normalised(_bare(row.label)))
    scored: list[tuple[int, str, CovenantTest]] = []
    for test in tests:
        if test.test_date is None or period is None or abs((test.test_date - period).days) > 5:
            continue
        covenant = test.covenant
        points = 3 if metric is not None and covenant.metric == metric else 0
        points += 2 if test.limit is not None and test.limit.single == row.limit else 0
        points += 1 if covenant.operator == row.operator else 0
        points += 1 if _alike(row.label, covenant.name) else 0
        scored.append((points, covenant.id, test))
    best = max(scored, key=lambda one: (one[0], one[1]), default=None)
    return best[2] if best is not None and best[0] >= ENOUGH else None


def _parts(desk: Desk, borrower: str, read: Certificate, period: date | None) -> Iterable[CheckedPart]:
    if period is None:
        return
    for part in read.parts:
        metric = desk.rulebook.metric_index.get(normalised(_bare(part.label)))
        if metric is None:
            continue
        figure = desk.evaluator(borrower).figure(metric, period)
        value = figure.value
        gap = part.value - value if value is not None else None
        yield CheckedPart(
            part,
            metric,
            figure,
            gap if gap is not None and abs(gap) > part.step / 2 else Decimal(0) if gap is not None else None,
        )


def _bare(label: str) -> str:
    return re.sub(r"[（(].*?[)）]", "", label).strip()


def _alike(one: str, other: str) -> bool:
    return Decimal(str(SequenceMatcher(None, _bare(one).casefold(), _bare(other).casefold()).ratio())) >= ALIKE


def _figures(one: CheckedCertificate) -> Iterable[Figure]:
    for row in one.rows:
        if row.test is not None and row.test.figure is not None:
            yield row.test.figure
    for part in one.parts:
        if part.figure is not None and part.figure.value is not None:
            yield part.figure


def _values(one: CheckedCertificate) -> Iterable[Value]:
    who, day, sources = one.borrower, one.period_end, tuple(p.id for p in one.passages)
    key = one.document.sha256[:12]

    def value(
        name: str,
        about: str,
        unit: str,
        number: Decimal | None,
        currency: str | None = None,
        word: str = "",
        more: tuple[str, ...] = (),
    ) -> Value:
        return Value(
            f"{name}:{key}:{about}", name, who, unit, number, currency, day, about=about, state=word, inputs=(*sources, *more)
        )

    for row in one.rows:
        about = row.test.covenant.id if row.test else row.stated.label
        figure = row.test.figure if row.test else None
        unit = figure.unit if figure else "x"
        money = (row.test.covenant.currency if row.test else None) or (figure.currency if figure else None)
        yield value("certified", about, unit, row.stated.value, money if unit == "currency" else None)
        yield value("certified_verdict", about, "state", None, word="met" if row.stated.compliant else "not_met")
        for difference in row.differences:
            yield value(f"certificate_{difference.kind}", about, "state", None, word=difference.kind)
            if difference.kind == "value" and difference.difference is not None:
                yield value("certificate_difference", about, unit, difference.difference, money if unit == "currency" else None,
                            more=(figure.id,) if figure else ())  # fmt: skip
    for part in one.parts:
        money = part.figure.currency if part.figure else None
        yield value("certified_amount", part.metric, "currency", part.stated.value, money)
        if part.difference:
            yield value(
                "certificate_difference",
                part.metric,
                "currency",
                part.difference,
                money,
                more=(part.figure.id,) if part.figure else (),
            )


def _lines(one: CheckedCertificate) -> Iterable[str]:
    verdict = {True: "agrees with ours", False: "differs from ours", None: "cannot be recomputed in full"}[one.agrees]
    yield f"{one.document.name} for {one.period_end}: {verdict} {mark(*(p.id for p in one.passages[:1]))}"
    for row in one.rows:
        ours = (
            "no covenant of ours" if row.test is None else f"{row.test.covenant.id}, ours {row.test.actual}, {row.test.status}"
        )
        kinds = ", ".join(d.kind for d in row.differences) or "no difference"
        yield f"  {row.stated.label}: certified {row.stated.value} ({'met' if row.stated.compliant else 'not met'}); {ours}; {kinds}"
    for part in one.parts:
        computed = part.figure.value if part.figure else None
        yield f"  used {part.stated.label} {part.stated.value} {part.stated.remark}; ours {computed}; difference {part.difference}"


def _row(row: CheckedRow) -> Mapping[str, Any]:
    test = row.test
    return {
        "label": row.stated.label, "stated": plain(row.stated.value), "stated_limit": plain(row.stated.limit), "operator": row.stated.operator,
        "stated_verdict": "met" if row.stated.compliant else "not_met", "quote": row.stated.quote,
        "covenant": test.covenant.id if test else None, "test_date": test.test_date.isoformat() if test and test.test_date else None,
        "actual": _number(test.actual) if test else None, "limit": test.limit.text if test and test.limit else None,
        "status": test.status if test else None, "figure": test.figure.id if test and test.figure else None, "limit_differs": row.limit_differs,
        "differences": [{"kind": d.kind, "difference": _number(d.difference), "reason": d.reason} for d in row.differences],
    }  # fmt: skip


def _part(part: CheckedPart) -> Mapping[str, Any]:
    return {
        "label": part.stated.label, "metric": part.metric, "stated": plain(part.stated.value), "remark": part.stated.remark,
        "actual": _number(part.figure.value) if part.figure else None, "difference": _number(part.difference),
        "figure": part.figure.id if part.figure else None,
    }  # fmt: skip


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value.quantize(PLACES).normalize() + 0)
