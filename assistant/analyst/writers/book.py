"""Answers from rows of the loan book: collateral, guarantors, events, relations, bureau, operations; and who a borrower is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.analyst.drafting import Draft
from assistant.analyst.loanwords import event_kinds
from assistant.analyst.naming import PARTY
from assistant.analyst.plans import Part
from assistant.analyst.recipes import BOOK_TABLES, first_day, last_day, metric_names
from assistant.analyst.writers.covenants import covenants_of
from assistant.analyst.writers.figures import latest_lines, say_change, values
from assistant.analyst.writers.loans import Book, arrears_of, loans_of
from assistant.analyst.writers.papers import latest_statement, near_lines
from assistant.analyst.writers.sheets import sheet_lines
from prompts.library import phrase_book
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact
from tools.toolbox.rendering import amount, grouped, ratio

MOST = 15
TOLD_EMPTY = frozenset({"events", "collateral", "guarantors", "mitigants"})
"""Tables of the book in which having no row is an answer: there is no such thing."""
CODES = {"type": {"collateral": "collateral_type", "events": "event_type", "accounts": "account_type", "customers": "customer_type"},
         "relation": {"relations": "relation"}, "measure": {"operations": "measure"}, "kind": {"mitigants": "mitigant_kind", "evidence": "evidence_kind"}}  # fmt: skip
AMOUNTS = frozenset(
    {
        "amount",
        "value",
        "other_bank_balance",
        "other_bank_overdue",
        "other_bank_overdue_90",
        "cover",
        "limit_amount",
        "guarantee_balance",
    }
)


def write_table(draft: Draft, part: Part) -> None:
    """The rows of the table the frame stands for."""
    table = BOOK_TABLES[part.frame]
    for artifact in [a for a in draft.artifacts if a.tool == "usage" and table == "evidence"]:
        loan = str(artifact.arguments["loan"])
        pool = [row for other in draft.artifacts for row in other.rows if row.table == "evidence"]
        rows = list(
            {
                row.id: row
                for row in pool
                if loan in re.split(r"[;,|]", row.columns.get("loan_id") or row.columns.get("loan_ids") or "")
            }.values()
        )
        draft.say("evidence_of_loan" if rows else "evidence_none_of_loan", loan=artifact.arguments["loan"])
        for row in rows[:MOST]:
            draft.add(f"- {row_line(draft, row)}{draft.mark(row)}")
        sheet_lines(draft, artifact, "proof", str(artifact.arguments["loan"]))
        _lacking(draft, artifact, loan)
        draft.is_("answered")
    for artifact in [a for a in draft.artifacts if a.tool == "uses" and table == "evidence"]:
        for loan in dict.fromkeys(v.about for v in artifact.values if v.name == "drawn"):
            draft.say("evidence_state", loan=loan)
            sheet_lines(draft, _of_loan(artifact, loan), "proof", loan)
            _lacking(draft, _of_loan(artifact, loan), loan)
            draft.is_("answered")
    for artifact in [
        a for a in draft.artifacts if a.tool == "book_rows" and a.arguments.get("table") == "customers" and table == "relations"
    ]:
        for row in artifact.rows[:1]:
            said = row.columns.get("group_id")
            draft.say("group_of" if said else "group_none", who=draft.who(row.id), group=said, mark=draft.mark(row))
    for artifact in draft.artifacts if part.borrowers and not (part.loans and table == "evidence") else ():
        if artifact.tool == "book_rows" and artifact.arguments.get("table") == table:
            owner = str(artifact.arguments.get("borrower") or "")
            if not artifact.rows:
                draft.say(f"table_none_{table}", who=draft.who(owner))
                draft.is_("answered" if table in TOLD_EMPTY else "not_available")
                continue
            rows_of(draft, owner, artifact, table, part)
            if table == "accounts" and (near := near_lines(draft, part.reading)):
                draft.say("passages_head")
                for passage, said in near:
                    draft.quote(passage, said)
            draft.is_("answered")


def _of_loan(artifact: Artifact, loan: str) -> Artifact:
    """What a tool told of one of several loans."""
    own = tuple(v for v in artifact.values if loan in (v.about, *v.id.split(":")))
    return replace(artifact, values=own)


def _lacking(draft: Draft, artifact: Artifact, loan: str) -> None:
    """What evidence is missing and for how long, as the flags of the use say it."""
    for flag in [v for v in artifact.values if v.name == "flag" and v.about.startswith("DOC")]:
        rule = next((r for r in artifact.rows if r.table == "use_rules" and r.id == flag.about), None)
        told = next((r for r in artifact.rows if r.table == "use_flags" and r.id == f"{loan}:{flag.about}"), None)
        why = str(told.columns.get(f"explanation_{draft.language}") or "") if told else ""
        if rule is not None and why:
            draft.say("use_flag_told", id=flag.about, name=rule.columns[f"name_{draft.language}"], mark=draft.mark(flag), why=why.rstrip("。."))  # fmt: skip


def rows_of(draft: Draft, owner: str, artifact: Artifact, table: str, part: Part | None = None) -> None:
    """Head line and one line per row."""
    count = next(v for v in artifact.values if v.name == "count")
    rows = _of_the_party(_relevant(artifact.rows, table, part), part)
    kinds = event_kinds(part.reading.text) if part is not None and table == "events" else ()
    if kinds:
        asked = tuple(row for row in rows if row.columns.get("type") in kinds)
        if not asked:
            words = draft.listed([draft.glossary.word("event_type", kind, draft.language) for kind in kinds[:3]])
            draft.say("events_none_kind", who=draft.who(owner), kinds=words)
        rows = asked or rows
    whole = len(rows) == len(artifact.rows) > 1 and not (part is not None and part.options.get("beside"))
    said = draft.phrase("rows_count", n=draft.number(count, marked=False)) if whole else ""
    draft.say(f"table_head_{table}", who=draft.who(owner), n=said)
    for row in rows[:MOST]:
        draft.add(f"- {row_line(draft, row)}{draft.mark(row)}")
    for value in values(draft, "change_share") if table == "operations" and artifact.arguments.get("months") else ():
        ends = [next((row for row in rows if row.id == id), None) for id in value.inputs]
        if value.id.count(":") == 2 and ends[0] is not None and ends[1] is not None and value.since and value.when:
            draft.say(
                f"operations_moved_{value.direction}", measure=_cell(draft, ends[0], "measure"), first=draft.day(value.since),
                last=draft.day(value.when), share=draft.size(value, marked=False) + draft.mark(ends[0], ends[1]),
            )  # fmt: skip


def _of_months(draft: Draft, rows: tuple[Row, ...], part: Part) -> tuple[Row, ...]:
    """Operating data of the months asked for, each with the same month of the year before; all of them when no month is named."""
    asked: set[tuple[int, int]] = set()
    for period in part.reading.periods:
        first, last = first_day(period), last_day(period)
        if first and last and not period.is_series and period.kind in ("day", "month", "quarter", "half", "ytd"):
            asked |= _months(first if period.kind != "day" else last, last)
    for first, last in part.reading.windows:
        asked |= _months(first, last)
    if not asked:
        return rows
    asked |= {(year - 1, month) for year, month in asked} if len(asked) < YEAR else set()
    kept = tuple(row for row in rows if (row.columns.get("date") or "")[:7] in {f"{year}-{month:02d}" for year, month in asked})
    return kept or rows


YEAR = 12


def _months(first: date, last: date) -> set[tuple[int, int]]:
    found, year, month = set(), first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.add((year, month))
        year, month = (year + 1, 1) if month == YEAR else (year, month + 1)
    return found


SHORTEST_DETAIL = 3


def _of_the_party(rows: tuple[Row, ...], part: Part | None) -> tuple[Row, ...]:
    """Only the rows of the person or firm the question names beside the borrower."""
    said = {heard.text for heard in part.borrowers if heard.how.startswith(PARTY)} if part is not None else set()
    return tuple(r for r in rows if said & {r.columns.get(name) for name in ("name", "related_name", "provider")}) or rows


MEASURE_WORDS = {
    "electricity_kwh": ("电", "electric", "power", "kwh"), "water_m3": ("水", "water"), "tax_paid": ("税", "tax"),
    "vat_invoiced_sales": ("开票", "invoice", "vat"), "export_customs_value": ("出口", "海关", "export", "customs"),
    "headcount": ("人数", "员工", "headcount", "employee", "staff", "payroll"), "social_security_headcount": ("社保", "social", "insured"),
    "capacity_utilisation": ("产能", "开工", "capacity", "utili"), "order_backlog": ("订单", "backlog", "order"),
    "inventory_count": ("库存", "盘点", "inventory"),
}  # fmt: skip


def _relevant(rows: tuple[Row, ...], table: str, part: Part | None) -> tuple[Row, ...]:
    """Operating data: only the series asked about, when the question names one."""
    if part is None or table not in ("operations", "relations"):
        return rows
    text = part.reading.text.lower()
    if table == "operations":
        kept = tuple(
            row for row in rows if any(word in text for word in MEASURE_WORDS.get(row.columns.get("measure") or "", ()))
        )
        return kept or rows
    asked = RELATION_WORDS
    wanted = {relation for relation, said in asked.items() if any(word in text for word in said)}
    return tuple(row for row in rows if row.columns.get("relation") in wanted) or rows


RELATION_WORDS = {
    "shareholder": ("股东", "shareholder", "owner", "own"), "actual_controller": ("控制人", "实控人", "controller", "control"),
    "legal_representative": ("法定代表人", "法人", "legal representative"), "supplier": ("供应商", "上游", "供货", "supplier", "supplies"), "buyer": ("下游", "客户", "买家", "买方", "buyer", "customer", "buys", "sell", "client"),
    "guarantee_given": ("对外担保", "互保", "担保圈", "担保链", "相互担保", "guarantee given", "circle", "guarantee"),
    "guarantee_received": ("互保", "担保圈", "担保链", "相互担保", "circle", "guarantee"), "parent": ("母公司", "parent"), "subsidiary": ("子公司", "subsidiar"),
}  # fmt: skip


def row_line(draft: Draft, row: Row) -> str:
    """A row by its template; empty cells fall away with their template variant."""
    cells = {name: _cell(draft, row, name) for name in row.columns}
    cells.setdefault("share", "")
    left = next((v for v in values(draft, "days_left") if v.about == row.id), None)
    ending = draft.phrase("days_left", days=draft.number(left, marked=False)) if left else ""
    cells["left"] = ending
    if row.table == "relations":
        trade = row.columns.get("relation") in ("buyer", "supplier")
        cells["share"] = (
            draft.phrase("row_share_trade" if trade else "row_share", share=cells["share"]) if cells["share"] else ""
        )
    for slot, key, needs in EXTRAS:
        key = "row_worst_days" if key == "row_worst" and not cells.get("other_bank_overdue_90") else key
        cells[slot] = draft.phrase(key, **cells) if cells.get(needs) and row.columns.get(needs) not in ("0", "0.00") else ""
    backed = [id for id in re.split(r"[;,|]", row.columns.get("loan_ids") or "") if id] if row.table == "guarantors" else []
    cells["backed"] = draft.phrase("row_backed", loans=draft.listed(backed)) if len(backed) > 1 else ""
    if row.table == "operations":
        cells["yearly"] = _yearly(draft, row)
        unit = row.columns.get("unit") or ""
        words = phrase_book("display")["measure_units"].get(unit)
        cells["unit"] = words[0 if draft.language == "zh" else 1] if words else unit
    if row.table == "events":
        detail = row.columns.get("detail") or ""
        cells["detailed"] = (
            draft.phrase("row_detail", detail=detail)
            if len(detail) > SHORTEST_DETAIL and detail != row.columns.get("title")
            else ""
        )
        if (row.columns.get("unit") or "").lower() in ("m3", "m³"):
            cells["unit"] = draft.phrase("unit_cubic")
    if row.table == "guarantors" and not cells.get("amount"):
        return draft.phrase("row_guarantors_open", **cells)
    if row.table == "events" and cells.get("amount"):
        return draft.phrase("row_events_amount", **cells)
    return draft.phrase(f"row_{row.table}", **cells).strip()


EXTRAS = (("seized", "row_seized", "seized_on"), ("insurance", "row_insurance", "insurance_end_date"), ("worst", "row_worst", "max_overdue_days"),
          ("flushed", "row_flushed", "red_flushed_on"), ("enquiries", "row_enquiries", "enquiries_6m"), ("term", "row_term", "end_date"), ("covered", "row_share_covered", "cover_share"),
          ("claim", "row_claim", "claim_deadline_days"))  # fmt: skip
"""Slots that are said only when their cell is filled."""


def _yearly(draft: Draft, row: Row) -> str:
    change = next((v for v in values(draft, "change_share") if v.id == f"change_share:{row.id}"), None)
    return draft.phrase(f"row_yearly_{change.direction}", share=draft.size(change, marked=False)) if change else ""


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def described(text: str) -> str:
    """A description as the book has it; in quotation marks when it holds a year, which is no date of ours ("built 2012")."""
    return f"“{text}”" if _YEAR.search(text) else text


def _cell(draft: Draft, row: Row, name: str) -> str:
    text = row.columns.get(name)
    if not text:
        return ""
    coded = CODES.get(name, {}).get(row.table)
    if coded:
        return draft.glossary.word(coded, text, draft.language)
    if name.endswith(("date", "_on")) or name == "date":
        try:
            return draft.day(date.fromisoformat(text))
        except ValueError:
            return text
    if name == "description":
        return described(text)
    number = _number(text)
    if number is None:
        return text
    if name in ("share", "cover_share") or (name == "value" and row.columns.get("unit") == "share"):
        return ratio(number, "ratio", draft.language)
    if name in AMOUNTS and row.table != "operations":
        return amount(number, row.columns.get("currency_code") or None, draft.language)
    return grouped(number, 0, 4) if name == "value" else text


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _of(draft: Draft, tool: str, borrower: str, table: str = "") -> Artifact | None:
    for artifact in draft.artifacts:
        about = artifact.arguments.get("borrower") == borrower or borrower in (artifact.arguments.get("borrowers") or ())  # type: ignore[operator]
        if artifact.tool == tool and about and (not table or artifact.arguments.get("table") == table):
            return artifact
    return None


def write_profile(draft: Draft, part: Part) -> None:
    """Who it is, its loans and arrears, covenants, key figures, newest document."""
    for heard in part.borrowers[:2]:
        id = heard.id
        customer = _of(draft, "book_rows", id, "customers")
        if customer is not None and customer.rows:
            row = customer.rows[0]
            facts = _facts(draft, row)
            draft.say("profile_head", who=draft.who(id), id=id, facts=facts + draft.mark(row))
        else:
            draft.say("profile_provisional", who=draft.who(id), id=id)
        loans = _of(draft, "loans", id)
        if loans is not None and loans.rows:
            book = Book(draft, loans)
            loans_of(draft, id, book, brief=True)
            arrears_of(draft, id, book)
        covenants = _of(draft, "covenants", id)
        if covenants is not None and any(v.name == "covenant_status" for v in covenants.values):
            covenants_of(draft, id, covenants, brief=True)
        names = metric_names(part.reading, "profile")
        if any(draft.answer_of(name, id) for name in names):
            draft.say("profile_figures")
            latest_lines(draft, id, names)
        else:
            draft.say("profile_no_figures")
        papers = _of(draft, "documents", id)
        if papers is not None and papers.rows:
            row = latest_statement(papers.rows) or next((r for r in papers.rows if r.table == "documents"), papers.rows[0])
            draft.say(
                "profile_documents",
                name=row.columns["name"],
                date=draft.day_of(row.columns.get("received")),
                mark=draft.mark(row),
            )
        draft.is_("answered")


def _facts(draft: Draft, row: Row) -> str:
    """What the customer row says, each with its label."""
    c, language = row.columns, draft.language
    said = {
        "type": draft.glossary.word("customer_type", c.get("type"), language), "size": draft.glossary.word("size", c.get("enterprise_size"), language),
        "industry_code": c.get("industry_code"), "registration_id": c.get("registration_id"), "internal_rating": c.get("internal_rating"),
        "officer_id": c.get("officer_id"), "branch_id": c.get("branch_id"), "group_id": c.get("group_id"),
    }  # fmt: skip
    joint = "," if language == "zh" else ", "
    parts = [draft.phrase(f"customer_{name}", value=value) for name, value in said.items() if value]
    return (joint if parts else "") + joint.join(parts)


def write_changes(draft: Draft, part: Part) -> None:
    """What is different: figures, arrears, covenants, outside events, documents received."""
    window = part.reading.windows[0] if part.reading.windows else None
    for heard in part.borrowers[:1]:
        id = heard.id
        if window:
            draft.say("changes_since_head", who=draft.who(id), first=draft.day(window[0]))
        else:
            draft.say("changes_head", who=draft.who(id), date=draft.day(draft.as_of))
        said = 0
        for name in metric_names(part.reading, "changes"):
            answers = {a.id: a for a in draft.answer_of(name, id)}
            pairs = [v for v in values(draft, "change", name, id) if v.inputs[0] in answers and v.inputs[1] in answers]
            if pairs:
                newest = max(pairs, key=lambda v: (v.when or date.min, -((v.when or date.min) - (v.since or date.min)).days))
                say_change(draft, draft.who(id), name, answers[newest.inputs[0]], answers[newest.inputs[1]], newest)
                said += 1
        if not said:
            draft.say("changes_none")
        loans = _of(draft, "loans", id)
        if loans is not None and loans.rows:
            arrears_of(draft, id, Book(draft, loans))
        covenants = _of(draft, "covenants", id)
        if covenants is not None and any(v.name == "covenant_status" for v in covenants.values):
            covenants_of(draft, id, covenants, brief=True)
        events = _of(draft, "book_rows", id, "events")
        if events is not None and events.rows:
            rows_of(draft, id, events, "events")
        else:
            draft.say("new_events_none")
        _received(draft, id, window)
        draft.is_("answered")


def _received(draft: Draft, id: str, window: tuple[date, date] | None) -> None:
    papers = _of(draft, "documents", id)
    if papers is None or window is None:
        return
    fresh = [
        row
        for row in papers.rows
        if row.table == "documents" and window[0].isoformat() <= (row.columns["received"] or "") <= window[1].isoformat()
    ]
    if fresh:
        names = draft.listed([f"{row.columns['name']}{draft.mark(row)}" for row in fresh[:8]])
        draft.say("new_documents", n=len(fresh), names=names)
    else:
        draft.say("new_documents_none")
