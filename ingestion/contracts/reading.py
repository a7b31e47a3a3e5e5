"""A contract read whole: clauses as headed blocks for passages, terms, and covenants in the shape that leaves the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ingestion.blocks import Block
from ingestion.contracts.amendments import edits_of
from ingestion.contracts.clauses import Clause, cut_clauses
from ingestion.contracts.covenants import maintenance_covenants
from ingestion.contracts.obligations import other_covenants, refine_negative
from ingestion.contracts.proposals import Covenant
from ingestion.contracts.shared import give_add_backs, share, share_periods
from ingestion.contracts.steps import Step
from ingestion.contracts.terms import Term, contract_terms, definitions_of
from ingestion.contracts.vocabulary import load_vocabulary
from tools.domain.money import plain


@dataclass(frozen=True, slots=True)
class ContractReading:
    """`blocks` are the contract's own, with a heading before each clause, so that passages are cut by clause."""

    blocks: list[Block]
    terms: list[Term]
    covenants: list[dict[str, Any]]
    edits: list[dict[str, Any]]


def read_contract(blocks: Sequence[Block], sha256: str, document: str) -> ContractReading:
    """Nothing is invented: an empty list means no clause of that kind was recognised."""
    clauses = cut_clauses(blocks)
    definitions = definitions_of(clauses)
    vocabulary = load_vocabulary()
    found = maintenance_covenants(clauses, vocabulary, definitions)
    refine_negative(found)
    share(found, clauses, vocabulary)
    share_periods(found, vocabulary)
    give_add_backs(found, definitions)
    found += other_covenants(clauses, vocabulary, definitions, found)
    shapes = [covenant_shape(covenant, f"{sha256[:8]}-{at}", document) for at, covenant in enumerate(found, 1)]
    edits, agreement = edits_of(clauses)
    for covenant, shape in zip(found, shapes, strict=True):
        edit = next(
            (
                e
                for e in edits
                if e.kind == "amendment" and e.within and e.within in {c.number for c in covenant.clause.lineage()}
            ),
            None,
        )
        if edit is not None:
            shape["amends"] = {"clause": edit.clause, "key": edit.key, **agreement}
            shape["remarks"] = [*shape["remarks"], f"takes the place of clause {edit.clause} of the contract it amends"]
    terms = [*contract_terms(blocks), *_from_covenants(found)]
    return ContractReading(clause_blocks(clauses), terms, shapes, [edit.shape(agreement) for edit in edits])


def _from_covenants(found: Sequence[Covenant]) -> list[Term]:
    """Terms that the covenants carry: days to cure a failed test, the amount of other debt whose default is one here."""
    out: list[Term] = []
    for covenant in found:
        place = covenant.place or covenant.clause
        if covenant.type == "cross_default" and covenant.steps:
            value: dict[str, Any] = {"amount": plain(covenant.steps[0].threshold), "currency": covenant.currency}
            out.append(Term("cross_default", value, covenant.text, place.page, place.locator))
        elif covenant.type == "maintenance" and covenant.grace_days and all(term.name != "cure" for term in out):
            days = {"days": covenant.grace_days, "unit": covenant.grace_unit}
            place = covenant.grace_place or place
            out.append(Term("cure", days, covenant.grace_text, place.page, place.locator))
    return out


def clause_blocks(clauses: Sequence[Clause]) -> list[Block]:
    """Each clause's own blocks under its number and title. Roman sub-points stay with the clause above them."""
    out: list[Block] = []
    for clause in clauses:
        if clause.number and clause.depth < 8:
            first = clause.blocks[0]
            out.append(Block(clause.path, "title", first.page, first.locator, level=clause.depth))
        for block in clause.blocks:
            out.append(replace(block, role="row" if block.role == "row" else "paragraph", level=0))
    return out


def covenant_shape(covenant: Covenant, identifier: str, document: str) -> dict[str, Any]:
    """The `covenant` shape of interfaces.md, proposed: never tested until confirmed. `threshold` holds before the first step."""
    steps = [step for step in covenant.steps if step.since is not None]
    first = covenant.steps[0].threshold if covenant.steps else None
    clause = covenant.clause
    place = covenant.place or (clause if clause.number or not clause.blocks else clause.blocks[0])
    shape: dict[str, Any] = {
        "covenant": identifier, "borrower": None, "loan": None, "facility": None, "name": covenant.name, "type": covenant.type,
        "metric": covenant.metric, "definition": covenant.definition or None, "operator": covenant.operator,
        "threshold": _limit(first) if first is not None else None, "unit": covenant.unit or None,
        "steps": [_step_shape(step) for step in steps], "currency": covenant.currency, "basis": covenant.basis,
        "scope": covenant.scope, "test_frequency": covenant.test_frequency,
        "first_test_date": steps[0].since.isoformat() if steps and steps[0].since and steps[0] is covenant.steps[0] else None,
        "test_date": None, "actual": None, "status": "proposed", "state": "proposed", "headroom": None, "cushion": None,
        "projected_breach": None, "figure": None, "grace_days": covenant.grace_days,
        "grace_unit": covenant.grace_unit if covenant.grace_days else None, "grace_until": None, "cure": None,
        "condition": covenant.condition or None, "entity": covenant.entity or None, "document": document,
        "page": place.page, "locator": place.locator, "box": None, "clause": clause.number, "text": covenant.text[:4000],
        "confidence": plain(covenant.confidence), "remarks": covenant.remarks,
    }  # fmt: skip
    if covenant.supersedes is not None:
        former = covenant.supersedes
        shape["supersedes"] = {
            "clause": former.clause.number, "locator": former.clause.locator, "page": former.clause.page,
            "steps": [_step_shape(step) for step in former.steps], "text": former.text[:4000],
        }  # fmt: skip
    return shape | covenant.extra


def _limit(value: Decimal) -> str:
    """As printed ("1.20"), but whole amounts without places."""
    return plain(value.quantize(Decimal(1)) if value == value.to_integral_value() and abs(value) >= 1000 else value)


def _step_shape(step: Step) -> dict[str, Any]:
    shape: dict[str, Any] = {"from": step.since.isoformat() if step.since else None, "threshold": _limit(step.threshold)}
    if step.until is not None:
        shape["to"] = step.until.isoformat()
    if step.quarters is not None:
        shape["period_quarters"] = step.quarters
    return shape
