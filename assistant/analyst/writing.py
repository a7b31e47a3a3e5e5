"""From plan and artifacts to an answer: each part by its frame's writer, then what a reader should know about how it was read.

Pure: the same plan and artifacts always give the same text. Numbers carry marks; nothing here rounds, adds or looks anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.analyst.drafting import Draft
from assistant.analyst.glossary import Glossary
from assistant.analyst.plans import Part, Plan
from assistant.analyst.writers import (
    book,
    certificates,
    contracts,
    covenants,
    crosses,
    figures,
    loan_facts,
    loans,
    market,
    mentioned,
    notes,
    papers,
    parties,
    people,
    portfolio,
    quizzes,
    receipts,
    requests,
    restated,
    securities,
    sheets,
    suppositions,
    talk,
    warnings,
)
from assistant.analyst.writers.sources import say_sources
from tools.toolbox.artifacts import Artifact

Writer = Callable[[Draft, Part], None]
WRITERS: Mapping[str, Writer] = {
    "value": figures.write_value, "key_figures": figures.write_value, "change": figures.write_change, "compare": figures.write_compare,
    "why": figures.write_why, "loans": loans.write_loans, "loan_facts": loan_facts.write_loan_facts, "arrears": loans.write_arrears, "dues": loans.write_dues,
    "classification": loans.write_classification, "covenants": covenants.write_covenants, "passages": papers.write_passages,
    "documents": papers.write_documents, "explain": papers.write_explain, "profile": book.write_profile, "changes": book.write_changes,
    "collateral": book.write_table, "guarantors": parties.write_guarantors, "group_total": parties.write_group_total, "events": book.write_table, "relations": book.write_table,
    "bureau": book.write_table, "operations": book.write_table, "accounts": book.write_table, "evidence": book.write_table, "mitigants": book.write_table,
    "book_share": portfolio.write_book_share, "summed": portfolio.write_summed, "portfolio_rank": portfolio.write_rank, "worth": portfolio.write_worth, "portfolio_arrears": portfolio.write_arrears, "portfolio_maturity": portfolio.write_maturity,
    "portfolio_classification": portfolio.write_classification, "portfolio_list": portfolio.write_summary,
    "portfolio_covenants": portfolio.write_covenants, "portfolio_events": portfolio.write_events,
    "market": market.write_market, "officer": people.write_officer, "ratings": people.write_ratings, "quiz": quizzes.write_quiz, "certificate": certificates.write_certificate,
    "clarify": talk.write_clarify, "ask_borrower": talk.write_ask_borrower, "not_found": talk.write_not_found, "mention": mentioned.write_mention,
    "refused": talk.write_plain, "off_topic": talk.write_plain, "out_of_scope": talk.write_plain, "judgement": talk.write_plain,
    "help": talk.write_plain, "forgotten": talk.write_plain, "unknown": talk.write_plain, "use": sheets.write_use, "alerts": warnings.write_alerts,
    "portfolio_alerts": warnings.write_portfolio_alerts, "contradictions": warnings.write_contradictions, "stress": suppositions.write_what_if,
    "reach": suppositions.write_reach, "receipt": receipts.write_receipt, "clauses": contracts.write_clauses, "note_section": notes.write_note_section, "restated": restated.write_restated, "cross_check": crosses.write_cross_check,
    "given": parties.write_guarantees_given,
    "portfolio_bureau": portfolio.write_bureau,
    "portfolio_securities": securities.write_securities, "securities": securities.write_securities, "portfolio_circles": securities.write_circles,
    "repayments": securities.write_repayments, "portfolio_origins": portfolio.write_origins, "portfolio_received": portfolio.write_received,
    "circle": sheets.write_ties, "exposure": securities.write_covered, "concentration": sheets.write_concentration, "standing": sheets.write_standing,
    "portfolio_documents": papers.write_waited, "letter": requests.write_letter, "visit": requests.write_visit, "risks": requests.write_risks, "brief": requests.write_risks,
    "trail": requests.write_trail, "integrity": requests.write_integrity, "pending": requests.write_pending, "propose": requests.write_propose,
}  # fmt: skip
IN_SHORT = 4
"""Lines of an answer asked for again in short: the verdict and what comes first."""
QUOTED = frozenset(
    {
        "passages",
        "clauses",
        "note_section",
        "mention",
        "documents",
        "receipt",
        "not_found",
        "clarify",
        "contradictions",
        "trail",
    }
)
"""Frames whose lines name their paper and page anyway, or have none."""
GUESSED = frozenset({"spelling", "sound", "initials"})


@dataclass(frozen=True, slots=True)
class Written:
    """An answer before its marks become citations. `frames`: what was answered, for the record."""

    text: str
    status: str
    language: str
    frames: tuple[str, ...]


def write(
    plan: Plan, artifacts: Sequence[Artifact | None], glossary: Glossary, as_of: date, linked: Artifact | None = None
) -> Written:
    """`artifacts` in the order of the plan's calls; None where a tool found an error. `linked`: what find_borrower answered."""
    whole = Draft(plan.language, glossary, [], as_of)
    for part in plan.parts:
        own = [found for i in part.calls if (found := artifacts[i]) is not None]
        draft = Draft(plan.language, glossary, [*own, *([linked] if linked else [])], as_of)
        for name in part.options.get("lost", ()):
            draft.say("not_found", said=str(name)[:30])
        if "within_name" in part.options:
            draft.say("within_" + str(part.options.get("within_kind", "region")), name=part.options["within_name"])
        lost = len(draft.lines)
        WRITERS[part.frame](draft, part)
        if part.frame == "arrears" and part.reading.cues & {"why", "late_why"}:
            notes.say_reasons(draft)
        if "page_of" in part.reading.cues and part.frame not in QUOTED:
            say_sources(draft, draft.lines[lost:])
        if len(draft.lines) == lost:
            _nothing(draft, part)
        _how_it_was_read(draft, part)
        if whole.lines:
            whole.add("")
        whole.lines += draft.lines
        whole.statuses.append(draft.status)
    if plan.brief and len(whole.lines) > IN_SHORT:
        whole.lines = [line for line in whole.lines if line.strip()][:IN_SHORT]
        whole.say("in_short")
    return Written(whole.text(), whole.status, plan.language, tuple(part.frame for part in plan.parts))


def _nothing(draft: Draft, part: Part) -> None:
    """Every call of the part failed: an identifier that does not exist, mostly."""
    said = next(iter(part.reading.identifiers), "") or part.reading.text
    draft.say("not_found_id" if part.reading.identifiers else "not_found", said=said[:30])
    draft.is_("not_found")


def _how_it_was_read(draft: Draft, part: Part) -> None:
    if draft.status != "answered":
        return
    for said, meant in part.reading.notes.items():
        draft.say("read_as", said=said, meant=meant)
    for heard in part.borrowers:
        if heard.how in GUESSED and heard.text:
            draft.say("read_as_name", said=heard.text, meant=draft.who(heard.id))
