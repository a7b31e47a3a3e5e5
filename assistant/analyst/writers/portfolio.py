"""Answers over all the caller's borrowers: rankings, filters, arrears, maturities, classification, covenants, totals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assistant.analyst.drafting import Draft
from assistant.analyst.loanwords import event_kinds
from assistant.analyst.plans import Part
from assistant.analyst.writers.book import row_line
from assistant.analyst.writers.covenants import covenant_line, metric_of, states_of, wanted_metrics
from assistant.analyst.writers.loans import Book
from prompts.library import phrase_book
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.figures import Answer, answers_in, name_of
from tools.toolbox.ranking import LOAN_MEASURES

MOST = 20
FEW = 5


def _artifact(draft: Draft, tool: str) -> Artifact | None:
    return next((a for a in draft.artifacts if a.tool == tool), None)


def _count(artifact: Artifact, about: str) -> Value:
    return next(v for v in artifact.values if v.name == "count" and v.about == about)


def write_rank(draft: Draft, part: Part) -> None:
    """The borrower at the top in a sentence, or the list with its count."""
    artifact = _artifact(draft, "rank_borrowers")
    if artifact is None:
        return
    measure = str(artifact.arguments["measure"])
    name = draft.measure(measure)
    limits = [v for v in artifact.values if v.name == "asked_limit"]
    matches, known = _count(artifact, "matches"), _count(artifact, "with_figure")
    rows = _scored(artifact, measure)
    if not known.value:
        draft.say("portfolio_none")
        draft.is_("not_available")
        return
    slots = {"metric": name, "Metric": name[0].upper() + name[1:], "n": draft.number(known, marked=False)}
    if limits:
        limit = limits[0]
        rest = "".join(
            draft.phrase("portfolio_and", metric=draft.measure(v.about), operator=draft.glossary.word("comparison", v.state, draft.language),
                         limit=draft.number(v, marked=False))
            for v in limits[1:]
        )  # fmt: skip
        words = {
            "operator": draft.glossary.word("comparison", limit.state, draft.language),
            "limit": draft.number(limit, marked=False) + rest,
        }
        if not matches.value:
            draft.say("portfolio_filter_none", **slots, **words)
            draft.is_("answered")
            return
        draft.say("portfolio_filter_head", **{**slots, "n": draft.number(matches, marked=False)}, **words)
    else:
        _senseless_line(draft, artifact, measure, name)
    if not limits and len(rows) == 1:
        who, node = rows[0]
        word = draft.phrase("superlative_high" if artifact.arguments["order"] == "desc" else "superlative_low")
        draft.say(
            "portfolio_rank_top",
            **slots,
            superlative=word,
            who=draft.who(who),
            value=_value(draft, artifact, node),
            when=_when(draft, node),
        )
    if not limits and ("total" in part.reading.cues or ("within" in part.options and measure == "balance")):
        _sum(draft, artifact, slots)
    mean = next((v for v in artifact.values if v.name == "average"), None)
    if mean is not None:
        draft.say(
            "portfolio_average",
            metric=name,
            value=draft.number(mean),
            n=draft.number(known if not limits else matches, marked=False),
        )
    if limits or len(rows) != 1:
        if not limits:
            draft.say("portfolio_rank_head", **slots)
        others = [name for name in dict.fromkeys(v.about for v in limits) if name != measure]
        for place, (who, node) in enumerate(rows[:MOST], 1):
            if others:
                _with_others(draft, artifact, place, who, [measure, *others])
                continue
            draft.say(
                "portfolio_rank_line",
                place=place,
                who=draft.who(who),
                value=_value(draft, artifact, node),
                when=_when(draft, node),
            )
        if matches.value and matches.value > len(rows[:MOST]) and part.reading.top is None:
            draft.say("too_many", n=len(rows[:MOST]))
    if artifact.arguments.get("only") and measure in LOAN_MEASURES:
        behind = {source for _, node in rows if isinstance(node, Value) for source in node.inputs}
        loans = [row for row in artifact.rows if f"{row.table}:{row.id}" in behind]
        draft.say("rank_loans_behind", loans=draft.listed([row.id + draft.mark(row) for row in loans[:MOST]]))
    _apart_lines(draft, artifact, measure, {who for who, _ in rows})
    rates = [v for v in artifact.values if v.name == "exchange_rate"]
    for rate in rates if any(v.name in ("converted", "sum_converted") for v in artifact.values) else ():
        draft.say("rank_rate", series=rate.about, rate=draft.number(rate), date=draft.day(rate.when or draft.as_of))
    without = _count(artifact, "without_figure")
    if without.value:
        key = "portfolio_missing_loans" if measure in LOAN_MEASURES else "portfolio_missing"
        draft.say(key, n=draft.number(without, marked=False))
    draft.is_("answered")


def write_book_share(draft: Draft, part: Part) -> None:
    """One borrower's loans as a share of everybody's."""
    for artifact in (a for a in draft.artifacts if a.tool == "rank_borrowers" and a.arguments.get("share")):
        for value in (v for v in artifact.values if v.name == "exposure_share" and v.about == "together"):
            draft.say("book_share_together", share=draft.number(value), date=draft.day(draft.as_of))
        for value in (v for v in artifact.values if v.name == "exposure_share" and v.borrower):
            owed = next((node for who, node in _scored(artifact, "balance") if who == value.borrower), None)
            if owed is None:
                continue
            draft.say("book_share", who=draft.who(value.borrower), share=draft.number(value), date=draft.day(draft.as_of))
            draft.say(
                "worth_line",
                who=draft.who(value.borrower),
                metric=draft.measure("balance"),
                value=_value(draft, artifact, owed),
                when=_when(draft, owed),
            )
            draft.is_("answered")
        _sum(draft, artifact, {"metric": draft.measure("balance"), "Metric": draft.measure("balance").capitalize()})
    if not draft.statuses:
        draft.say("portfolio_none")
        draft.is_("not_available")


def write_summed(draft: Draft, part: Part) -> None:
    """The borrowers' amounts added up, then each; amounts that may not be added are only listed."""
    artifact = _artifact(draft, "rank_borrowers")
    if artifact is None:
        return
    measure = str(artifact.arguments["measure"])
    name = draft.measure(measure)
    rows = _scored(artifact, measure)
    if not rows:
        draft.say("portfolio_none")
        draft.is_("not_available")
        return
    _sum(draft, artifact, {"metric": name, "Metric": name[0].upper() + name[1:]})
    for who, node in rows:
        draft.say(
            "worth_line",
            who=draft.who(who),
            metric=name,
            value=_value(draft, artifact, node),
            when=_when(draft, node),
        )
    if any(v.name in ("converted", "sum_converted") for v in artifact.values):
        for rate in (v for v in artifact.values if v.name == "exchange_rate"):
            draft.say("rank_rate", series=rate.about, rate=draft.number(rate), date=draft.day(rate.when or draft.as_of))
    draft.is_("answered")


def write_worth(draft: Draft, part: Part) -> None:
    """What the borrower owes, in its own currency and in the book's, with the rate."""
    artifact = _artifact(draft, "rank_borrowers")
    for who, node in _scored(artifact, "balance") if artifact is not None else ():
        assert artifact is not None
        draft.say(
            "worth_line",
            who=draft.who(who),
            metric=draft.measure("balance"),
            value=_value(draft, artifact, node),
            when=_when(draft, node),
        )
        draft.is_("answered")
    if artifact is not None and len(part.borrowers) > 1 and draft.statuses:
        _sum(draft, artifact, {"metric": draft.measure("balance"), "Metric": draft.measure("balance").capitalize()})
    rates = [v for v in artifact.values if v.name == "exchange_rate"] if artifact is not None and draft.statuses else []
    for rate in rates if artifact is not None and any(v.name == "converted" for v in artifact.values) else ():
        draft.say("rank_rate", series=rate.about, rate=draft.number(rate), date=draft.day(rate.when or draft.as_of))


def _with_others(draft: Draft, artifact: Artifact, place: int, who: str, measures: Sequence[str]) -> None:
    """After a filter on several measures: each of them by its name."""
    told = []
    for name in measures:
        node = next((node for id, node in _scored(artifact, name) if id == who), None)
        if node is not None:
            told.append(
                draft.phrase(
                    "portfolio_rank_named",
                    metric=draft.measure(name),
                    value=_value(draft, artifact, node),
                    when=_when(draft, node),
                )
            )
    draft.say("portfolio_rank_several", place=place, who=draft.who(who), told=draft.phrase("portfolio_rank_joint").join(told))


def _value(draft: Draft, artifact: Artifact, node: Answer | Value) -> str:
    """The amount in its own currency, or in its two, and what that comes to in the one of the comparison."""
    parts = [
        v
        for v in artifact.values
        if isinstance(node, Value) and v.name == node.name and v.about == "part" and v.borrower == node.borrower
    ]
    worth = next((v for v in artifact.values if v.name == "converted" and v.borrower == node.borrower), None)
    if parts:
        return draft.phrase(
            "rank_worth", own=draft.listed([draft.number(v, exact=False) for v in parts]), worth=draft.number(node, exact=False)
        )
    if worth is not None:
        return draft.phrase("rank_worth", own=draft.number(node), worth=draft.number(worth, exact=False))
    if isinstance(node, Value) and node.name == "rate":
        # "which loan carries the highest rate": the borrower's rate is that of one of his loans
        own = [row for row in artifact.rows if f"{row.table}:{row.id}" in node.inputs]
        sought = [row for row in own if row.columns.get("rate") and Decimal(row.columns["rate"] or 0) == node.value]
        if sought:
            loans = draft.phrase("rank_of_loan", loans=draft.listed([row.id for row in sought]))
            return draft.number(node, marked=False) + loans + draft.mark(*sought)
    return draft.number(node)


def _sum(draft: Draft, artifact: Artifact, slots: dict[str, str]) -> None:
    """Everybody's amounts together, one sum a currency."""
    sums = [v for v in artifact.values if v.name == "sum"]
    if not sums:
        return
    draft.say("rank_sum", **slots, total=draft.listed([draft.number(v) for v in sums]))
    together = next((v for v in artifact.values if v.name == "sum_converted"), None)
    if together is not None:
        draft.say("rank_sum_converted", total=draft.number(together))


def _senseless_line(draft: Draft, artifact: Artifact, measure: str, name: str) -> None:
    """Whom the figure means nothing for, and why: worse than any number where a test would read it so."""
    told: dict[str, list[str]] = {}
    for figure in artifact.figures:
        if figure.name == measure and figure.status == "not_meaningful":
            told.setdefault(figure.reason, []).append(draft.who(figure.borrower) + draft.mark(figure))
    for reason, who in told.items():
        worst = measure in phrase_book("lexicon")["higher_is_worse"] and reason in phrase_book("lexicon")["worse_than_any"]
        key = "rank_senseless_worst" if worst else "rank_senseless"
        draft.say(
            key,
            metric=name,
            Metric=name[0].upper() + name[1:],
            reason=draft.glossary.reason(reason, draft.language).rstrip("。."),
            who=draft.listed(who),
        )


def _apart_lines(draft: Draft, artifact: Artifact, measure: str, ranked: set[str]) -> None:
    """Amounts in a currency the book has no rate for."""
    apart = [
        (ref.id, node)
        for ref in artifact.borrowers
        for node in _nodes(artifact, measure).get(ref.id, ())
        if ref.id not in ranked and node.value is not None
    ]
    if apart:
        draft.say(
            "rank_apart",
            names=draft.listed(
                [f"{draft.who(who)}{' ' if draft.language == 'en' else ''}{draft.number(node)}" for who, node in apart]
            ),
        )


def _nodes(artifact: Artifact, measure: str) -> dict[str, list[Answer | Value]]:
    found: dict[str, list[Answer | Value]] = {}
    for node in (*answers_in(artifact), *artifact.values):
        name = node.name if isinstance(node, Value) else name_of(node)
        if name == measure and node.borrower and not (isinstance(node, Value) and node.about != "total"):
            found.setdefault(node.borrower, []).append(node)
    return found


def _scored(artifact: Artifact, measure: str) -> list[tuple[str, Answer | Value]]:
    """Those in the ranking, in its order."""
    nodes = _nodes(artifact, measure)
    home = artifact.arguments.get("compared_in")
    found = []
    for ref in artifact.borrowers:
        node = next((n for n in nodes.get(ref.id, ()) if n.value is not None), None)
        worth = any(v.name == "converted" and v.borrower == ref.id and v.value is not None for v in artifact.values)
        if node is not None and (not home or not node.currency or node.currency == home or worth):
            found.append((ref.id, node))
    return found


def _when(draft: Draft, node: Answer | Value) -> str:
    if isinstance(node, Value):
        return draft.day(node.when) if node.when else ""
    return draft.when(node)


def _loans(draft: Draft) -> tuple[Artifact, Book] | None:
    artifact = _artifact(draft, "portfolio_loans")
    return (artifact, Book(draft, artifact)) if artifact else None


def write_arrears(draft: Draft, part: Part) -> None:
    """Who is overdue, worst first."""
    found = _loans(draft)
    if found is None:
        return
    artifact, book = found
    when = draft.day(draft.as_of)
    if not book.rows:
        key = "portfolio_arrears_none" if artifact.arguments.get("min_dpd") == 1 else "portfolio_arrears_none_over"
        draft.say(key, loans=draft.number(_count(artifact, "loans"), marked=False), date=when)
    else:
        draft.say("portfolio_arrears_head", borrowers=draft.number(_count(artifact, "borrowers_matching"), marked=False),
                  n=draft.number(_count(artifact, "matches"), marked=False), date=when)  # fmt: skip
        for row in book.rows[:MOST]:
            draft.say("portfolio_arrears_line", who=draft.who(row.columns["customer_id"]), loan=row.id, dpd=book.number("dpd", row.id),
                      total=book.number("overdue_total", row.id), since=draft.phrase("portfolio_arrears_since", oldest=book.day("oldest_unpaid_due", row.id)) if book.value("oldest_unpaid_due", row.id) else "")  # fmt: skip
    for missing in artifact.missing[:5]:
        draft.add(f"- {missing}")
    draft.is_("answered")


def write_maturity(draft: Draft, part: Part) -> None:
    """Loans that mature, or have dues, in the window."""
    found = _loans(draft)
    if found is None:
        return
    artifact, book = found
    view = "maturity" if artifact.arguments["view"] == "maturity" else "dues"
    first, last = (draft.day(date.fromisoformat(str(artifact.arguments[key]))) for key in ("from_date", "to_date"))
    if not book.rows:
        draft.say(f"portfolio_{view}_none", first=first, last=last)
    else:
        draft.say(f"portfolio_{view}_head", first=first, last=last, n=draft.number(_count(artifact, "matches"), marked=False))
        if view == "dues":
            _dues(draft, artifact)
        for row in book.rows[:MOST] if view == "maturity" else ():
            draft.say("portfolio_maturity_line", who=draft.who(row.columns["customer_id"]), loan=row.id, date=book.day("end_date", row.id),
                      balance=book.number("balance", row.id))  # fmt: skip
    draft.is_("answered")


def _dues(draft: Draft, artifact: Artifact) -> None:
    """What falls due in the window: the sums first, then each due."""
    pool = artifact.values
    for total in [v for v in pool if v.name == "dues_window"]:
        parts = {v.name: v for v in pool if v.currency == total.currency and v.about == "window"}
        draft.say("portfolio_dues_total", total=draft.number(total), principal=draft.number(parts["next_due_principal"]),
                  interest=draft.number(parts["next_due_interest"]))  # fmt: skip
    dues = {
        (v.name, v.about, v.when): v
        for v in pool
        if v.name in ("next_due_principal", "next_due_interest") and v.since is not None
    }
    principals = sorted(
        (v for v in dues.values() if v.name == "next_due_principal" and v.about != "window"),
        key=lambda v: (v.when or date.min, v.about),
    )
    for principal in principals[:MOST]:
        interest = dues[("next_due_interest", principal.about, principal.when)]
        draft.say("portfolio_dues_line", who=draft.who(_owner(artifact, principal.about)), loan=principal.about, date=draft.day(principal.when or draft.as_of),
                  principal=draft.number(principal), interest=draft.number(interest))  # fmt: skip
    if len(principals) > MOST:
        draft.say("too_many", n=MOST)


def _owner(artifact: Artifact, loan: str) -> str | None:
    return next((row.columns.get("customer_id") for row in artifact.rows if row.table == "loans" and row.id == loan), None)


def write_bureau(draft: Draft, part: Part) -> None:
    """The newest credit report of each borrower; only those with arrears elsewhere when arrears are asked about."""
    artifact = _artifact(draft, "book_rows")
    if artifact is None:
        return
    newest: dict[str, Row] = {}
    for row in artifact.rows:
        newest.setdefault(row.columns.get("customer_id") or "", row)
    late = "arrears" in part.reading.cues
    rows = [row for row in newest.values() if not late or row.columns.get("other_bank_overdue") not in (None, "", "0", "0.00")]
    draft.say(("portfolio_bureau_late" if late else "portfolio_bureau") if rows else "portfolio_bureau_none")
    for row in rows[:MOST]:
        draft.add(f"- {draft.who(row.columns['customer_id'])} {row_line(draft, row)}{draft.mark(row)}")
    draft.is_("answered")


def write_classification(draft: Draft, part: Part) -> None:
    """Loans classified below normal."""
    found = _loans(draft)
    if found is None:
        return
    artifact, book = found
    if not book.rows:
        draft.say("portfolio_class_none")
    else:
        draft.say("portfolio_class_head", n=draft.number(_count(artifact, "matches"), marked=False))
        for row in book.rows[:MOST]:
            draft.say("portfolio_class_line", who=draft.who(row.columns["customer_id"]), loan=row.id,
                      classification=book.word("classification", "classification", row.id) + draft.mark(row),
                      balance=book.number("balance", row.id))  # fmt: skip
    draft.is_("answered")


def write_origins(draft: Draft, part: Part) -> None:
    """Loans that are not new money, and what each is; only those of the kind named, when one is."""
    found = _loans(draft)
    if found is None:
        return
    artifact, book = found
    rows = book.rows
    if not rows:
        draft.say("portfolio_origins_none")
    else:
        draft.say("portfolio_origins_head", n=draft.number(_count(artifact, "matches"), marked=False))
    for row in rows[:MOST]:
        c = row.columns
        origin = draft.glossary.word("origin", c.get("origin") or "new", draft.language)
        origin += draft.phrase("loan_replaces", old=c["replaces_loan_id"]) if c.get("replaces_loan_id") else ""
        changed = c.get("restructured_date")
        origin += draft.phrase("loan_restructured", date=draft.day(date.fromisoformat(changed))) if changed else ""
        draft.say("portfolio_origins_line", who=draft.who(c["customer_id"]), loan=row.id, origin=origin + draft.mark(row),
                  balance=book.number("balance", row.id))  # fmt: skip
    draft.is_("answered")


def write_received(draft: Draft, part: Part) -> None:
    """Papers of all the caller's borrowers that came in the days asked about, newest first."""
    artifact = _artifact(draft, "documents")
    if artifact is None:
        return
    first, last = (artifact.arguments.get(key) for key in ("from_date", "to_date"))
    rows = [row for row in artifact.rows if row.table == "documents"]
    stretch = {
        key: draft.day(date.fromisoformat(str(day))) if day else draft.day(draft.as_of)
        for key, day in (("first", first), ("last", last))
    }
    if not first:
        rows, stretch["first"] = (
            rows[:MOST],
            draft.day(min((date.fromisoformat(row.columns["received"] or "") for row in rows), default=draft.as_of)),
        )
    draft.say(
        "received_head" if rows else "received_none", n=draft.number(_count(artifact, "documents"), marked=False), **stretch
    )
    for row in rows[:MOST]:
        c = row.columns
        draft.say("received_line", date=draft.day(date.fromisoformat(c["received"] or "")), who=draft.who(c["customer_id"]), name=c["name"],
                  kind=draft.glossary.word("document_kind", c["kind"], draft.language), mark=draft.mark(row))  # fmt: skip
    draft.is_("answered")


def write_summary(draft: Draft, part: Part) -> None:
    """How many borrowers and loans, totals; the names when there are few or they are asked for."""
    found = _loans(draft)
    if found is None:
        return
    artifact, book = found
    draft.say(
        "portfolio_summary_within" if "within" in part.options else "portfolio_summary", borrowers=draft.number(_count(artifact, "borrowers"), marked=False),
        with_loans=draft.number(_count(artifact, "borrowers_with_loans"), marked=False), loans=draft.number(_count(artifact, "loans"), marked=False),
        date=draft.day(draft.as_of),
    )  # fmt: skip
    if book.total("balance"):
        draft.say("portfolio_total", balance=book.total("balance"), overdue_total=book.total("overdue_total"))
    owed = _artifact(draft, "rank_borrowers")
    names = _artifact(draft, "list_borrowers")
    for place, (who, node) in enumerate(_scored(owed, "balance") if owed is not None else (), 1):
        assert owed is not None
        draft.say(
            "portfolio_rank_line", place=place, who=draft.who(who), value=_value(draft, owed, node), when=_when(draft, node)
        )
    if names is not None and names.borrowers:
        listed = draft.listed([f"{draft.who(ref.id)}({ref.id})" for ref in names.borrowers[:MOST]])
        draft.say("portfolio_names", names=listed)
    draft.is_("answered")


def write_covenants(draft: Draft, part: Part) -> None:
    """Breaches across the book, then what is close to one."""
    artifact = _artifact(draft, "covenants")
    if artifact is None:
        return
    states = states_of(artifact)
    reading = part.reading
    if wanted := wanted_metrics(reading.metrics, reading.families):
        states = [v for v in states if metric_of(artifact, v) in wanted]
        if not states:
            draft.say(
                "portfolio_covenants_none_on",
                metric=draft.listed([draft.metric(m) for m in (reading.metrics or tuple(wanted))[:3]]),
            )
            draft.is_("answered")
            return
    if "waiver" in reading.cues:
        waived = [v for v in states if v.state == "waived"]
        draft.say("portfolio_covenants_waived" if waived else "portfolio_covenants_none_waived", w=len(waived), n=len(states))
        for value in waived[:MOST]:
            covenant_line(draft, artifact, value)
        draft.is_("answered")
        return
    rooms = {v.about: v.value for v in reversed(artifact.values) if v.name == "headroom" and v.value is not None}
    tested = [v for v in states if v.about in rooms and v.state in ("compliant", "at_risk", "breach")]
    if "tightest" in reading.cues and tested:
        draft.say("portfolio_covenants_tightest")
        for value in sorted(tested, key=lambda v: rooms[v.about])[: reading.top or FEW]:
            covenant_line(draft, artifact, value)
        draft.is_("answered")
        return
    bad = [v for v in states if v.state == "breach"]
    risk = [v for v in states if v.state == "at_risk"]
    if not bad:
        draft.say("portfolio_covenants_none", n=len(states))
    elif wanted:
        draft.say(
            "portfolio_covenants_head_on",
            metric=draft.listed([draft.metric(m) for m in (reading.metrics or tuple(wanted))[:3]]),
        )
    else:
        draft.say("portfolio_covenants_head", bad=len(bad), n=len(states), who=len({v.borrower for v in bad}))
    if bad:
        for value in bad[:MOST]:
            covenant_line(draft, artifact, value)
    if risk:
        draft.say("portfolio_covenants_risk")
        for value in risk[:MOST]:
            covenant_line(draft, artifact, value)
    draft.is_("answered")


def write_events(draft: Draft, part: Part) -> None:
    """Outside events across the book, newest first."""
    artifact = _artifact(draft, "book_rows")
    if artifact is None:
        return
    if not artifact.rows:
        draft.say("portfolio_events_none")
    else:
        kinds = event_kinds(part.reading.text)
        rows = [row for row in artifact.rows if not kinds or row.columns.get("type") in kinds]
        if len(rows) == len(artifact.rows):
            draft.say("portfolio_events_head", n=draft.number(_count(artifact, "events"), marked=False))
        if not rows:
            draft.say("portfolio_events_none")
        for row in rows[:MOST]:
            draft.add(f"- {draft.who(row.columns['customer_id'])} {row_line(draft, row)}{draft.mark(row)}")
    draft.is_("answered")
