"""Things asked for rather than asked about: letters, question sheets for a visit, risk summaries, who did what, proposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import metric_names
from assistant.analyst.writers.covenants import covenant_line, states_of, verdict_of
from assistant.analyst.writers.figures import say_change, values
from assistant.analyst.writers.loans import Book, arrears_of
from assistant.analyst.writers.note_lines import by_section, lines_of, newest
from assistant.analyst.writers.sheets import sheet_lines
from assistant.analyst.writers.warnings import alert_line, alerts_of, artifact_of, count_in, say_contradictions
from prompts.library import phrase_book
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value

LETTERS = ("information_request", "reminder", "covenant_notice")
OPEN = ("breach", "at_risk", "not_evidenced", "stale")
DRIVERS = {"officer": 5, "manager": 3, "auditor": 8}


# letters


def letter_kind(part: Part) -> str:
    """Which letter: the one named, else a request for information."""
    return str(part.options.get("letter") or next((k for k in LETTERS if k in part.reading.cues), LETTERS[0]))


def write_letter(draft: Draft, part: Part) -> None:
    """A draft in the borrower's data: every amount, date and limit from the book, for a person to send."""
    kind = letter_kind(part)
    for heard in part.borrowers[:1]:
        draft.say("letter_draft", kind=draft.phrase(f"letter_{kind}"))
        draft.add("")
        draft.say("letter_to", who=draft.who(heard.id))
        draft.say(f"letter_{kind}_opening", who=draft.who(heard.id), date=draft.day(draft.as_of))
        said = {"information_request": _papers_wanted, "reminder": _owed, "covenant_notice": _limits_told}[kind](
            draft, heard.id
        )
        if not said:
            draft.say(f"letter_{kind}_nothing", who=draft.who(heard.id))
        draft.say(f"letter_{kind}_closing")
        draft.say("letter_sign")
        draft.add("")
        draft.say("letter_note")
        draft.is_("answered")


def _papers_wanted(draft: Draft, who: str) -> int:
    papers = artifact_of(draft, "documents", who)
    rows = [row for row in papers.rows if row.table == "documents_due"] if papers else []
    number = 0
    for row in rows[:8]:
        c = row.columns
        number += 1
        draft.say("letter_paper", name=c["name"], due=draft.day(_date(c["due"])), mark=draft.mark(row))
    number += _to_return(draft, who) + _left_open(draft, who) + _to_insure(draft, who)
    covenants = artifact_of(draft, "covenants", who)
    for value in [v for v in states_of(covenants) if v.state in ("not_evidenced", "stale")][:4] if covenants else []:
        number += 1
        draft.say("letter_evidence", id=value.about, mark=draft.mark(value))
    alerts = artifact_of(draft, "alerts", who)
    for row in (alerts_of(alerts) if alerts else [])[:4]:
        number += 1
        draft.say("letter_explain", title=row.columns[f"title_{draft.language}"], mark=draft.mark(row))
    return number


def _to_return(draft: Draft, who: str) -> int:
    """Money of a loan that went where it must not is asked back."""
    uses = artifact_of(draft, "uses", who)
    found = [v for v in uses.values if v.name == "misuse" and v.value and any(c.isdigit() for c in v.about)] if uses else []
    for value in found[:3]:
        draft.say("letter_return", loan=value.about, amount=draft.number(value))
    return len(found)


def _left_open(draft: Draft, who: str) -> int:
    """What the last visit asked for, in its own words."""
    notes = artifact_of(draft, "visit_notes", who)
    lines = by_section(lines_of(notes.passages), ("follow ups",)) if notes else []
    for line in newest(lines)[:5] if lines else ():
        draft.say("letter_left_open", quote=line.said, mark=draft.mark(line.passage))
    return len(lines)


def _to_insure(draft: Draft, who: str) -> int:
    """Insurance of collateral that has ended or soon ends is to be renewed."""
    collateral = artifact_of(draft, "book_rows", who)
    soon = draft.as_of + timedelta(days=int(phrase_book("visit")["insurance_days"]))
    number = 0
    for row in collateral.rows if collateral else ():
        ends = row.columns.get("insurance_end_date")
        if ends and _date(ends) <= soon:
            number += 1
            draft.say(
                "letter_insure",
                what=row.columns.get("description") or row.id,
                date=draft.day(_date(ends)),
                mark=draft.mark(row),
            )
    return number


def _owed(draft: Draft, who: str) -> int:
    loans = artifact_of(draft, "loans", who)
    if loans is None:
        return 0
    book, number = Book(draft, loans), 0
    for row in book.running():
        dpd = book.value("dpd", row.id)
        if dpd is not None and dpd.value:
            number += 1
            draft.say("letter_overdue", loan=row.id, dpd=book.number("dpd", row.id), total=book.number("overdue_total", row.id),
                      oldest=book.day("oldest_unpaid_due", row.id))  # fmt: skip
        if book.value("next_due", row.id):
            number += 1
            draft.say("letter_due", loan=row.id, date=book.day("next_due", row.id), principal=book.number("next_due_principal", row.id),
                      interest=book.number("next_due_interest", row.id))  # fmt: skip
    return number


def _limits_told(draft: Draft, who: str) -> int:
    artifact = artifact_of(draft, "covenants", who)
    found = [v for v in states_of(artifact) if v.state in OPEN] if artifact else []
    found.sort(key=lambda v: OPEN.index(v.state))
    for value in found[:6]:
        assert artifact is not None
        covenant_line(draft, artifact, value, details=value.state == "breach")
    return len(found)


def _date(text: str | None) -> date:
    return date.fromisoformat(text or "1900-01-01")


# a visit


def write_visit(draft: Draft, part: Part) -> None:
    """A sheet of open questions: promises of the last visit, contradictions, covenants, alerts, insurance and papers, with what each rests on."""
    for heard in part.borrowers[:1]:
        who = heard.id
        draft.say("visit_head", who=draft.who(who))
        _promised(draft, artifact_of(draft, "visit_notes", who))
        contradictions = artifact_of(draft, "contradictions", who)
        if contradictions is not None and contradictions.rows:
            draft.say("visit_contradictions")
            say_contradictions(draft, who, contradictions, most=4, counted=False)
        covenants = artifact_of(draft, "covenants", who)
        at_issue = [v for v in states_of(covenants) if v.state in ("breach", "at_risk")] if covenants else []
        if covenants is not None and at_issue:
            draft.say("visit_covenants")
            for value in sorted(at_issue, key=lambda v: OPEN.index(v.state))[:4]:
                covenant_line(draft, covenants, value, details=False)
        alerts = artifact_of(draft, "alerts", who)
        asked: Sequence[Row] = alerts_of(alerts) if alerts else ()
        if asked:
            draft.say("visit_alerts")
        questions = phrase_book("visit")["questions"]
        for row in asked[:8]:
            family = str(row.columns.get("family") or "")
            draft.say("visit_topic", title=row.columns[f"title_{draft.language}"], mark=draft.mark(row))
            for question in questions.get(family, questions["other"])[draft.language]:
                draft.say("visit_question", question=question)
        _insurance(draft, artifact_of(draft, "book_rows", who))
        papers = artifact_of(draft, "documents", who)
        due = [row for row in papers.rows if row.table == "documents_due"] if papers else []
        if due:
            draft.say("visit_papers", names=draft.listed([f"{row.columns['name']}{draft.mark(row)}" for row in due[:6]]))
        draft.say("visit_look")
        draft.is_("answered")


def _promised(draft: Draft, notes: Artifact | None) -> None:
    """What the last visit left to be done."""
    for line in by_section(lines_of(notes.passages), ("follow ups",))[:6] if notes else ():
        draft.say("visit_promised", quote=line.said, name=line.document, mark=draft.mark(line.passage))


def _insurance(draft: Draft, collateral: Artifact | None) -> None:
    """Insurance of collateral that has ended or soon ends."""
    soon = draft.as_of + timedelta(days=int(phrase_book("visit")["insurance_days"]))
    for row in collateral.rows if collateral else ():
        ends = row.columns.get("insurance_end_date")
        if ends and (day := _date(ends)) <= soon:
            key = "visit_insurance" if day >= draft.as_of else "visit_insurance_over"
            draft.say(key, what=row.columns.get("description") or row.id, date=draft.day(day), mark=draft.mark(row))


# risks


def audience(part: Part) -> str:
    """For whom: the officer unless a manager or an auditor is named."""
    return next((who for who in ("manager", "auditor") if f"for_{who}" in part.reading.cues), "officer")


def write_risks(draft: Draft, part: Part) -> None:
    """Verdict, what changed, drivers, what speaks against, what is missing, mitigants, actions with owner and date."""
    reader = audience(part)
    for heard in part.borrowers[:1]:
        who = heard.id
        alerts = artifact_of(draft, "alerts", who)
        rows = alerts_of(alerts) if alerts else []
        _verdict(draft, who, alerts, rows)
        if reader != "manager":
            _changed(draft, part, who)
        if alerts is not None and rows:
            draft.say("risks_drivers")
            for row in rows[: DRIVERS[reader]]:
                draft.add(alert_line(draft, alerts, row))
        _against(draft, who, reader)
        _missing(draft, who)
        exposure = artifact_of(draft, "exposure", who)
        if exposure is not None and any(v.name == "exposure_at_default" for v in exposure.values):
            draft.say("risks_mitigants")
            sheet_lines(draft, exposure, "cover")
        if alerts is not None and rows:
            _actions(draft, alerts, rows)
        if part.frame == "brief":
            draft.say("brief_command", id=who, month=_month(draft, part))
        draft.is_("answered")


def _month(draft: Draft, part: Part) -> str:
    """The month a brief is asked for; the one of the business date when none is named or it is still to come."""
    asked = next((p for p in part.reading.periods if p.kind == "month"), None)
    at = (asked.year, asked.number) if asked else (draft.as_of.year, draft.as_of.month)
    year, month = min(at, (draft.as_of.year, draft.as_of.month))
    return f"{year}-{month:02d}"


def _verdict(draft: Draft, who: str, alerts: Artifact | None, rows: Sequence[Row]) -> None:
    level = next((c for c in ("red", "orange", "yellow") if any(row.columns["severity"] == c for row in rows)), "")
    count = count_in(alerts, "alerts") if alerts else None
    loans = artifact_of(draft, "loans", who)
    balance = Book(draft, loans).total("balance") if loans is not None and loans.rows else ""
    told = draft.phrase("risks_balance", balance=balance) if balance else ""
    if not level or count is None:
        draft.say("risks_quiet", who=draft.who(who), date=draft.day(draft.as_of), balance=told)
    else:
        draft.say(
            f"risks_{level}", who=draft.who(who), n=draft.number(count, marked=False), date=draft.day(draft.as_of), balance=told
        )


def _changed(draft: Draft, part: Part, who: str) -> None:
    said = 0
    for name in metric_names(part.reading, "changes")[:4]:
        answers = {a.id: a for a in draft.answer_of(name, who)}
        pairs = [v for v in values(draft, "change", name, who) if v.inputs[0] in answers and v.inputs[1] in answers]
        if pairs:
            if not said:
                draft.say("risks_changed")
            newest = max(pairs, key=lambda v: v.when or draft.as_of)
            say_change(draft, draft.who(who), name, answers[newest.inputs[0]], answers[newest.inputs[1]], newest)
            said += 1


def _against(draft: Draft, who: str, reader: str) -> None:
    """What speaks against alarm, and what contradicts itself."""
    draft.say("risks_against")
    loans = artifact_of(draft, "loans", who)
    if loans is not None and loans.rows:
        arrears_of(draft, who, Book(draft, loans))
    covenants = artifact_of(draft, "covenants", who)
    states = states_of(covenants) if covenants else []
    if states:
        verdict_of(draft, who, states)
    contradictions = artifact_of(draft, "contradictions", who)
    if contradictions is not None and reader != "manager":
        say_contradictions(draft, who, contradictions, most=2)


def _missing(draft: Draft, who: str) -> None:
    papers = artifact_of(draft, "documents", who)
    due = [row for row in papers.rows if row.table == "documents_due"] if papers else []
    if due:
        draft.say("risks_missing", names=draft.listed([f"{row.columns['name']}{draft.mark(row)}" for row in due[:5]]))
    else:
        draft.say("risks_nothing_missing")


def _actions(draft: Draft, alerts: Artifact, rows: Sequence[Row]) -> None:
    owners = list(dict.fromkeys(row.columns["owner"] for row in rows if row.columns.get("owner")))
    names = {row.id: row.columns[f"name_{draft.language}"] for row in alerts.rows if row.table == "acts"}
    earliest: dict[str, Value] = {}
    for value in sorted((v for v in alerts.values if v.name == "action_due" and v.when), key=lambda v: v.when or draft.as_of):
        earliest.setdefault(value.about, value)
    if earliest:
        draft.say("risks_actions", owner=draft.listed([str(owner) for owner in owners[:2]]) or draft.phrase("none_word"))
        for act, value in list(earliest.items())[:6]:
            draft.say("risks_action", act=act, name=names.get(act, act), due=draft.day(value.when or draft.as_of))


# trail and proposals


def write_trail(draft: Draft, part: Part) -> None:
    """Who did what, newest first."""
    artifact = artifact_of(draft, "trail_records")
    if artifact is None:
        return
    if _not_for_role(draft, artifact):
        return
    person = next((v for v in artifact.values if v.name == "trail_person"), None)
    if person is not None:
        _asked_by(draft, artifact, person)
        return
    about = (
        draft.phrase("trail_about", who=draft.who(str(artifact.arguments["borrower"])))
        if artifact.arguments.get("borrower")
        else ""
    )
    count = count_in(artifact, "trail_records")
    if not artifact.rows or count is None:
        draft.say("trail_none", about=about)
    else:
        draft.say("trail_head", n=draft.number(count, marked=False), about=about)
        for row in artifact.rows:
            c = row.columns
            if c.get("question"):
                draft.say(
                    "trail_line_asked",
                    date=draft.day(_date(c["date"])),
                    time=c["time"],
                    user=c["user"],
                    question=c["question"],
                    mark=draft.mark(row),
                )
                continue
            draft.say("trail_line", date=draft.day(_date(c["date"])), time=c["time"], user=c["user"], mark=draft.mark(row),
                      act=draft.glossary.word("act", c["act"], draft.language), object=c["object"])  # fmt: skip
        draft.say("trail_more")
    draft.is_("answered")


def _asked_by(draft: Draft, artifact: Artifact, person: Value) -> None:
    """What one person asked, newest first."""
    count = count_in(artifact, "trail_records")
    who = (
        person.about
        if person.state == person.about
        else f"{person.state}({person.about})"
        if draft.language == "zh"
        else f"{person.state} ({person.about})"
    )
    if count is None or not artifact.rows:
        draft.say("trail_asked_none", who=who)
    else:
        draft.say("trail_asked", who=who, n=draft.number(count, marked=False))
        for row in artifact.rows:
            c = row.columns
            draft.say(
                "trail_question",
                date=draft.day(_date(c["date"])),
                time=c["time"],
                question=c.get("question") or c["object"],
                mark=draft.mark(row),
            )
    draft.is_("answered")


def _not_for_role(draft: Draft, artifact: Artifact) -> bool:
    """Said and done when the asker's role may not know."""
    if not any(v.name == "access" and v.state == "not_for_role" for v in artifact.values):
        return False
    draft.say("not_for_role")
    draft.is_("not_available")
    return True


def write_integrity(draft: Draft, part: Part) -> None:
    """Whether the trail is as it was recorded."""
    artifact = artifact_of(draft, "trail_integrity")
    if artifact is None or _not_for_role(draft, artifact):
        return
    state = next(v for v in artifact.values if v.name == "trail_state")
    count = count_in(artifact, "trail_records")
    row = artifact.rows[0]
    draft.say(
        f"trail_{state.state}",
        n=draft.number(count, marked=False) if count else "",
        head=row.columns["head"],
        bad=row.columns["first_bad"] or "",
        mark=draft.mark(row),
    )
    if row.columns["notes"]:
        draft.say("trail_notes", notes=row.columns["notes"], mark=draft.mark(row))
    draft.say("trail_prove")
    draft.is_("answered")


def write_pending(draft: Draft, part: Part) -> None:
    """Proposals that wait."""
    artifact = artifact_of(draft, "pending")
    if artifact is None:
        return
    if not artifact.rows:
        draft.say("pending_none")
    else:
        count = count_in(artifact, "proposals")
        draft.say("pending_head", n=draft.number(count, marked=False) if count else "")
        for row in artifact.rows[:15]:
            c = row.columns
            draft.say("pending_line", id=row.id, who=draft.who(c["customer_id"]), kind=draft.glossary.word("proposal_kind", c["kind"], draft.language),
                      object=c["object"] or "", current=_value(draft, c["current"]), proposed=_value(draft, c["proposed"]), mark=draft.mark(row))  # fmt: skip
    draft.is_("answered")


def _value(draft: Draft, text: str | None) -> str:
    for table in ("classification", "proposal_value"):
        said = draft.glossary.word(table, text, draft.language)
        if text and said != text.replace("_", " "):
            return said
    return (text or "").replace("_", " ")


def write_propose(draft: Draft, part: Part) -> None:
    """What was put to a second person, and that nothing has changed; or why it could not be put."""
    artifact = artifact_of(draft, "propose")
    if artifact is None or not artifact.acts:
        draft.say("propose_which" if not part.calls else "propose_failed")
        draft.is_("clarify" if not part.calls else "not_found")
        return
    c = artifact.rows[0].columns
    draft.say("propose_done", id=artifact.rows[0].id, who=draft.who(c["customer_id"]), kind=draft.glossary.word("proposal_kind", c["kind"], draft.language),
              object=f" {c['object']}" if c["object"] else "", proposed=_value(draft, c["proposed"]), mark=draft.mark(artifact.rows[0]))  # fmt: skip
    draft.is_("answered")
