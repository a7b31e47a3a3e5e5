"""Answers that are a sheet of values: use of proceeds, what-if, stress, exposure, concentration, ties. Which lines, in prompts/sheets.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.warnings import artifact_of
from prompts.library import phrase_book
from tools.toolbox.artifacts import Artifact, Value

MOST = 12
MOST_PAID = 8


def sheet_lines(draft: Draft, artifact: Artifact, sheet: str, about: str | None = None) -> int:
    """One line per value the sheet names, in its order; how many were written."""
    said = 0
    for line in phrase_book("sheets")["sheets"][sheet]:
        found = [v for v in artifact.values if v.name == line["name"] and _wanted(v, line, about)]
        for value in found[: line.get("most", MOST)]:
            label = line[draft.language]
            item = _item(draft, value, line)
            draft.say(
                "sheet_line",
                label=label.format(about=item, when=draft.day(value.when) if value.when else ""),
                value=_shown(draft, value),
            )
            said += 1
    return said


def _wanted(value: Value, line: Mapping[str, Any], about: str | None) -> bool:
    """Lines of a list take every about; the others the one asked for, else the whole."""
    if value.value is None and value.unit != "date":
        return False
    if (line.get("nonzero") and not value.value) or value.about == line.get("not", ""):
        return False
    if line.get("each"):
        return about is None or value.id.split(":")[1:2] == [about] or not line.get("of")
    wanted = about if line.get("about") == "object" else line.get("about")
    return wanted is None or value.about == wanted


def _item(draft: Draft, value: Value, line: Mapping[str, Any]) -> str:
    table = line.get("codes")
    if table == "borrower":
        return draft.who(value.about)
    return draft.glossary.word(table, value.about, draft.language) if table else value.about


def _shown(draft: Draft, value: Value) -> str:
    if value.unit == "date" and value.when:
        return draft.day(value.when) + draft.mark(value)
    return draft.number(value)


def write_use(draft: Draft, part: Part) -> None:
    """Each loan: whether its use was kept, how much was misused, came back, is proven, and what that rests on."""
    for artifact in [a for a in draft.artifacts if a.tool in ("usage", "uses")]:
        loans = list(dict.fromkeys(v.about for v in artifact.values if v.name == "drawn"))
        said = {amount.value for amount in part.reading.amounts if amount.unit == "money"}
        loans = [v.about for v in artifact.values if v.name == "drawn" and v.value in said] or loans
        for loan in loans:
            _use(draft, artifact, loan)
            _replaced(draft, artifact, loan)
            _payments(draft, part, artifact, loan)
        if not loans:
            owner = str(artifact.arguments.get("borrower") or (artifact.borrowers[0].id if artifact.borrowers else ""))
            draft.say("use_none", who=draft.who(owner))
            draft.is_("not_available")


def _use(draft: Draft, artifact: Artifact, loan: str) -> None:
    state = next((v for v in artifact.values if v.name == "use_state" and v.about == loan), None)
    misuse = next((v for v in artifact.values if v.name == "misuse" and v.about == loan), None)
    share = next((v for v in artifact.values if v.name == "misuse_share" and v.about == loan), None)
    who = draft.who(state.borrower if state else artifact.borrowers[0].id if artifact.borrowers else None)
    if misuse is not None and misuse.value and share is not None:
        beyond = next((v for v in artifact.values if v.name == "unfollowed" and v.about == loan), None)
        said = "use_changed_least" if beyond is not None and beyond.value else "use_changed"
        draft.say(said, who=who, loan=loan, amount=draft.number(misuse), share=draft.number(share))
    elif state is None or state.state == "use_unknown":
        draft.say("use_unknown", who=who, loan=loan)
    else:
        draft.say("use_kept", who=who, loan=loan)
    own = Artifact(
        artifact.tool,
        artifact.arguments,
        artifact.borrowers,
        values=tuple(v for v in artifact.values if loan in (v.about, *v.id.split(":"))),
    )
    sheet_lines(draft, own, "usage", loan)
    for flag in [v for v in own.values if v.name == "flag"][:8]:
        rule = next((r for r in artifact.rows if r.table == "use_rules" and r.id == flag.about), None)
        if rule is not None:
            told = next((r for r in artifact.rows if r.table == "use_flags" and r.id == f"{loan}:{flag.about}"), None)
            why = str(told.columns.get(f"explanation_{draft.language}") or "") if told else ""
            draft.say("use_flag_told" if why else "use_flag", id=flag.about, name=rule.columns[f"name_{draft.language}"], mark=draft.mark(flag),
                      why=why.rstrip("。."))  # fmt: skip
    for missing in [m.partition(": ")[2] for m in artifact.missing if m.startswith(f"{loan}: ")][:3]:
        draft.say("use_missing", what=draft.glossary.word("use_remark", missing.split(" ")[0], draft.language))
    draft.is_("answered")


def _replaced(draft: Draft, artifact: Artifact, loan: str) -> None:
    """The older loan that this one was made to repay."""
    for row in [r for r in artifact.rows if r.table == "loans" and r.id == loan and r.columns.get("replaces_loan_id")]:
        origin = draft.glossary.word("origin", row.columns.get("origin") or "new", draft.language)
        draft.say("loan_replaced", old=row.columns["replaces_loan_id"], loan=loan, origin=origin, mark=draft.mark(row),
                  date=draft.day_of(row.columns.get("start_date")))  # fmt: skip


def _payments(draft: Draft, part: Part, artifact: Artifact, loan: str) -> None:
    """Who paid whom how much on which day, as far as the money was followed; of one payee when one is named."""
    own = [v for v in artifact.values if v.id.split(":")[1:2] == [loan] and v.when]
    parts = {v.id.rsplit(":", 1)[0].removeprefix("payment_loan_part:"): v for v in own if v.name == "payment_loan_part"}
    paid = [v for v in own if v.name == "payment"]
    words = [word for word in part.reading.topic if len(word) > 1]
    named = [v for v in paid if any(word in v.about or word in v.state for word in words)]
    if paid:
        draft.say("use_payments")
    for value in (named or paid)[:MOST_PAID]:
        own_part = parts.get(value.id.rsplit(":", 1)[0].removeprefix("payment:"))
        draft.say("use_payment", date=draft.day(value.when or draft.as_of), source=value.state, payee=value.about, mark="",
                  amount=draft.number(value), part=draft.number(own_part) if own_part else "")  # fmt: skip


def write_exposure(draft: Draft, part: Part) -> None:
    """What is covered and what is not, loan by loan and mitigant by mitigant."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "exposure", heard.id)
        total = next((v for v in artifact.values if v.name == "exposure_at_default"), None) if artifact else None
        if artifact is None or total is None:
            draft.say("loans_none", who=draft.who(heard.id))
            draft.is_("not_available")
            continue
        open_ = next((v for v in artifact.values if v.name == "uncovered" and v.about == "total"), None)
        key = "exposure_open" if open_ is not None and open_.value else "exposure_covered"
        draft.say(key, who=draft.who(heard.id), total=draft.number(total), uncovered=draft.number(open_) if open_ else "")
        sheet_lines(draft, artifact, "exposure")
        _mitigants(draft, artifact)
        draft.is_("answered")


def _mitigants(draft: Draft, artifact: Artifact) -> None:
    flags: dict[str, list[str]] = {}
    for value in artifact.values:
        if value.name == "mitigant_flag":
            flags.setdefault(value.about, []).append(draft.glossary.word("mitigant_flag", value.state, draft.language))
    for value in [v for v in artifact.values if v.name == "mitigant_counts"][:8]:
        worth = next((v for v in artifact.values if v.name == "mitigant_value" and v.about == value.about), None)
        row = next((r for r in artifact.rows if r.id == value.about), None)
        what = (
            (row.columns.get("description") or row.columns.get("name") or row.columns.get("provider") or value.about)
            if row
            else value.about
        )
        noted = draft.phrase("mitigant_noted", what=draft.listed(flags[value.about])) if value.about in flags else ""
        draft.say(
            "mitigant_line",
            id=value.about,
            what=what,
            worth=draft.number(worth) if worth else "",
            counts=draft.number(value),
            noted=noted,
        )


def write_ties(draft: Draft, part: Part) -> None:
    """Whether the borrower stands in a guarantee circle, what is at risk in it, and whom its fall would reach."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "guarantees", heard.id)
        if artifact is None:
            continue
        state = next((v for v in artifact.values if v.name == "guarantee_circle"), None)
        circle = state is not None and state.state == "in_circle"
        others = [draft.who(ref.id) for ref in artifact.borrowers if ref.id != heard.id]
        draft.say(
            "circle_yes" if circle else "circle_no",
            who=draft.who(heard.id),
            others=draft.listed(others),
            mark=draft.mark(state) if state else "",
        )
        sheet_lines(draft, artifact, "guarantees")
        for row in [r for r in artifact.rows if r.table == "relations"][:8]:
            relation = draft.glossary.word("relation", row.columns.get("relation"), draft.language)
            draft.add(
                f"- {draft.phrase('row_relations', relation=relation, related_name=row.columns.get('related_name'), share='')}{draft.mark(row)}"
            )
        draft.is_("answered")


def write_concentration(draft: Draft, part: Part) -> None:
    """The book by borrower, industry, group …: totals, the largest shares, HHI; or maturities and rolls."""
    artifact = artifact_of(draft, "portfolio_view")
    if artifact is None:
        return
    by = str(artifact.arguments.get("by"))
    totals = [v for v in artifact.values if v.name == "total"]
    if not totals:
        draft.say("portfolio_none")
        draft.is_("not_available")
        return
    draft.say("concentration_head", by=draft.phrase(f"by_{by}"), date=draft.day(draft.as_of))
    shares = {(v.about, v.id.rsplit(":", 1)[-1]): v for v in artifact.values if v.name == "exposure_share"}
    for total in totals:
        currency = total.currency or ""
        hhi = next((v for v in artifact.values if v.name == "hhi" and v.id.endswith(f":{currency}")), None)
        draft.say("concentration_total", total=draft.number(total), hhi=draft.number(hhi) if hhi else "")
        for value in [v for v in artifact.values if v.name == "exposure" and v.currency == currency][:MOST]:
            share = shares.get((value.about, currency))
            name = (
                draft.who(value.about)
                if by == "borrower"
                else draft.phrase("unknown_word")
                if value.about == "unknown"
                else value.about
            )
            draft.say("concentration_line", what=name, amount=draft.number(value), share=draft.number(share) if share else "")
    draft.is_("answered")


def write_standing(draft: Draft, part: Part) -> None:
    """The path of a metric over the years, and its place among the asker's borrowers of the same industry."""
    for artifact in [a for a in draft.artifacts if a.tool == "standing"]:
        who, name = str(artifact.arguments.get("borrower")), str(artifact.arguments.get("name"))
        known = [a for a in draft.answer_of(name, who) if a.value is not None]
        if not known:
            draft.say("no_statements", who=draft.who(who), metrics=draft.metric(name))
            draft.is_("not_available")
            continue
        draft.say("standing_head", who=draft.who(who), metric=draft.metric(name), Metric=draft.Metric(name))
        for answer in known[-5:]:
            draft.say("series_line", when=draft.when(answer), value=draft.number(answer))
        place = next((v for v in artifact.values if v.name == "percentile"), None)
        peers = next((v for v in artifact.values if v.name == "peers"), None)
        if place is not None:
            draft.say("standing_place", place=draft.number(place), peers=draft.number(peers, marked=False) if peers else "")
        elif peers is not None:
            draft.say("standing_few")
        draft.is_("answered")


def loans_in(values: Sequence[Value]) -> list[str]:
    """The loans values speak of, in order."""
    return list(dict.fromkeys(v.about for v in values))
