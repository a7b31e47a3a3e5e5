"""Gathering evidence: every figure, fact, row, value and passage of the artifacts as claims, days, names and states.

What a cell is called and whose its row is decides here what an answer may say of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.verification.counts import gather_counts
from assistant.verification.evidence import Claim, Evidence, Names
from assistant.verification.vocabulary import vocabulary
from tools.domain.facts import Fact, Row, Source
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Artifact, Value

EXPLAINED = frozenset({"alerts", "signals", "contradictions", "use_flags"})
"""Rows whose explanation was written from values by the rules; said word for word it stands as it is."""
SHORTEST = 20
"""Letters from which words of a rule are told apart from words anyone uses."""
_RULE_ID = re.compile(r"(?<![\w-])[A-Z]{2,4}-\d+(?:-\d+)*(?![\w-])")
_KEYED = re.compile(r"[a-z_]+: ")
TIES = frozenset({"guarantees", "exposure"})
"""Tools that return rows of others than the borrower asked about."""
TWO_SIDED = frozenset({"guarantors", "relations", "customers", "account_transactions"})
"""Tables whose rows are about two companies."""
PAPERS = frozenset({"alerts", "proposals", "deliveries", "documents", "documents_due"})
"""Tables whose rows are told under their borrower's name."""
KEYS = ("alert", "proposal", "name")
"""Cells that name a row beside its id."""
FILES = frozenset({"documents", "deliveries", "documents_due"})
"""Tables whose rows go by the name of a file."""
OBJECTS = frozenset({"covenants", "loans"})
"""Tables of things that values are about."""
WORDED = ("name_", "warn_", "title_", "explanation_", "explain_", "description", "what_")
"""How the cells are called that hold names and sentences."""
_DIGIT = re.compile(r"\d")
_HAN = re.compile(r"[\u3400-\u9fff]")


def gather(
    artifacts: Sequence[Artifact],
    names: Names,
    *,
    value_names: Names | None = None,
    everyone: Mapping[str, tuple[str, ...]] | None = None,
) -> Evidence:
    """Evidence of all artifacts. `everyone`: names of all borrowers the caller may see, so that naming another one is
    noticed. `value_names` defaults to the gate's own words."""
    spoken = vocabulary().value_names if value_names is None else value_names
    evidence = Evidence({**names, **spoken}, measured=set(names), value_names=set(spoken))
    for artifact in artifacts:
        for borrower in artifact.borrowers:
            evidence.borrowers[borrower.id] = tuple(
                n for n in (borrower.name, borrower.name_en, *borrower.aliases, borrower.id) if n
            )
            evidence.identifiers.add(borrower.id)
        for figure in artifact.figures:
            _figure(evidence, figure, frozenset())
        for fact in artifact.facts:
            _fact(evidence, fact, frozenset())
        for row in artifact.rows:
            _row(evidence, row, "" if artifact.tool in TIES else str(artifact.arguments.get("borrower") or ""))
            if row.table == "rulebook":
                called = (row.columns.get("name_zh"), row.columns.get("name_en"))
                evidence.identifiers.update(f"{n}{gap}({row.columns['id']})" for n in called if n for gap in ("", " "))
            for name, words in row.columns.items():
                if words and name.startswith(WORDED) and len(words) > (5 if _HAN.search(words) else 11):
                    evidence.phrases[words] = not name.startswith("expla")
            owner = artifact.arguments.get("borrower") or row.columns.get("customer_id")
            if row.table in EXPLAINED:
                owner = owner or next((v.borrower for v in artifact.values if v.about == row.id and v.borrower), None)
                evidence.told += [
                    (str(text), str(owner or ""), row.id)
                    for name, text in row.columns.items()
                    if text and name.startswith("explanation_")
                ]
            if owner and artifact.tool not in TIES:
                evidence.owners[f"{row.table}:{row.id}"] = str(owner)
            if (own := row.columns.get("customer_id")) and row.table not in TWO_SIDED:
                for key in {row.id, *(row.columns.get(column) or "" for column in KEYS)} - {""}:
                    evidence.keyed.setdefault(key, set()).add(own)
            if row.table in PAPERS:
                evidence.filed |= {row.id, *(row.columns.get(column) or "" for column in KEYS)} - {""}
        if artifact.tool == "rank_borrowers":
            evidence.orders.setdefault(str(artifact.arguments["measure"]), set()).add(str(artifact.arguments["order"]))
        for value in artifact.values:
            _value(evidence, value)
            if value.borrower and value.about != value.borrower and _DIGIT.search(value.about):
                evidence.keyed.setdefault(value.about, set()).add(value.borrower)
            if value.name in ("alert", "signal") and value.borrower:
                evidence.owners[value.id] = value.borrower
        for passage in artifact.passages:
            evidence.ids.add(passage.id)
            evidence.texts[passage.id] = passage.text
            evidence.papers[passage.id] = passage.source.document
            if passage.borrower and passage.kind != "rule":
                evidence.owners.setdefault(passage.id, passage.borrower)
            if passage.source.page:
                evidence.page_of[passage.id] = passage.source.page
            if passage.kind == "rule":
                evidence.rules.append(passage.text)
                evidence.identifiers.update(_RULE_ID.findall(passage.text))
                lines = _rule_words(passage.text)
                evidence.told += [(said, "", passage.id.partition(":")[2]) for said in lines]
                for line in lines:
                    evidence.phrases.setdefault(line, False)
            evidence.identifiers.add(passage.source.document)
            evidence.other_dates.update(_iso_dates(passage.date or ""))
            evidence.passage_days[passage.id] = set(_iso_dates(passage.date or ""))
            _page(evidence, passage.source)
        evidence.acts.update(artifact.acts)
        evidence.stands.update(_iso_dates(str(artifact.arguments.get("as_of") or "")))
        for argument in _flat(artifact.arguments):
            evidence.asked.add(argument)
            evidence.identifiers.add(argument)
    told = {(c.metric, c.about) for c in evidence.claims if not c.row}
    evidence.claims = [c for c in evidence.claims if not c.row or (c.metric, c.about) not in told]
    evidence.cases = frozenset(c.about for c in evidence.claims if c.about in evidence.value_names)
    about: dict[str, set[str]] = {}
    for claim in evidence.claims:
        if claim.unit == "currency" and claim.about and claim.borrower:
            for name in (evidence.borrowers.get(claim.about) if claim.about != claim.borrower else ()) or (
                (claim.about,) if len(claim.about) > 3 and not _DIGIT.search(claim.about) else ()
            ):
                about.setdefault(name, set()).add(claim.id)
    evidence.parties = {name: frozenset(ids) for name, ids in about.items()}
    evidence.counts = gather_counts(artifacts)
    for borrower_id, known in (everyone or {}).items():
        evidence.borrowers.setdefault(borrower_id, ())
        if not evidence.borrowers[borrower_id]:
            evidence.borrowers[borrower_id] = tuple(f"\0{name}" for name in known if name)
    return evidence


def _figure(evidence: Evidence, figure: Figure, context: frozenset[str]) -> None:
    if figure.id in evidence.ids:
        return
    evidence.ids.add(figure.id)
    evidence.rests[figure.id] = tuple(f"{node.table}:{node.id}" if isinstance(node, Row) else node.id for node in figure.inputs)
    if figure.borrower:
        evidence.figured[figure.id] = figure.borrower
    evidence.dates.add(figure.period_end)
    evidence.identifiers.update((figure.rule, figure.name, figure.id))
    if figure.value is not None:
        months = {"fy": 12, "ltm": 12, "quarter": 3, "point": 0}.get(figure.basis)
        spans = {fact.period.months for fact in figure.facts()} - {0}
        if figure.basis == "ytd" and len(spans) == 1:
            months = spans.pop()
        evidence.claims.append(
            Claim(
                figure.id,
                figure.value,
                figure.unit,
                figure.currency,
                figure.borrower,
                figure.name,
                "",
                figure.period_end,
                months,
                context=context,
                input_dates=frozenset(f.period.end for f in figure.facts()),
                scope=figure.scope,
            )
        )
    for node in figure.inputs:
        if isinstance(node, Figure):
            _figure(evidence, node, context | {figure.name})
        elif isinstance(node, Fact):
            _fact(evidence, node, context | {figure.name})
        else:
            _row(evidence, node)


def _fact(evidence: Evidence, fact: Fact, context: frozenset[str]) -> None:
    if fact.id in evidence.ids:
        return
    evidence.ids.add(fact.id)
    evidence.dates.add(fact.period.end)
    evidence.assured.setdefault(fact.period.end, set()).add(fact.assurance)
    if fact.period.start:
        evidence.dates.add(fact.period.start)
    evidence.identifiers.update((fact.source.document, fact.id, fact.raw, fact.source.locator or fact.id))
    evidence.claims.append(
        Claim(
            fact.id,
            fact.value,
            "currency" if fact.currency else "any",
            fact.currency,
            fact.borrower,
            fact.item,
            "",
            fact.period.end,
            fact.period.months,
            context=context,
            scope=fact.scope,
        )
    )
    _page(evidence, fact.source)


def _row(evidence: Evidence, row: Row, debtor: str = "") -> None:
    """`debtor`: whose loans a guarantee stands behind; the row itself names only the guarantor, when he is a customer at all."""
    evidence.ids.add(row.id)
    evidence.row_ids[row.id] = f"{row.table}:{row.id}"
    for name in (row.id, row.columns.get("name") if row.table in FILES else None):
        if name and _DIGIT.search(name):
            evidence.named_rows.setdefault(name, set()).add(f"{row.table}:{row.id}")
    if row.table in OBJECTS:
        evidence.objects[row.id] = row.table
    evidence.identifiers.add(row.id)
    if row.table == "documents" and row.columns.get("name"):
        evidence.papers[f"documents:{row.id}"] = str(row.columns["name"])
    borrower, party = row.columns.get("customer_id") or None, ""
    if row.table == "guarantors" and debtor:
        borrower, party = debtor, borrower or ""
    when: date | None = None
    for key in ("date", "value_date", "payment_date", "due_date", "period_end"):
        found = _iso_dates(row.columns.get(key) or "")
        when = when or (found[0] if found else None)
    page, paper = row.columns.get("source_page"), row.columns.get("source_document")
    if page and paper and page.isdigit():
        evidence.pages.setdefault(paper, set()).add(int(page))
    if (assurance := row.columns.get("assurance")) and (ends := _iso_dates(row.columns.get("period_end") or "")):
        evidence.assured.setdefault(ends[0], set()).add(assurance)
    for name, text in row.columns.items():
        if not text or name == "source_page":
            continue
        found_dates = _iso_dates(text)
        evidence.other_dates.update(found_dates)
        evidence.row_dates.setdefault(f"{row.table}:{row.id}", set()).update(found_dates)
        if len(found_dates) == 1 and len(text) <= 10:
            evidence.named_dates.setdefault(name, set()).add((row.id, found_dates[0]))
        number = None if found_dates else _decimal(text)
        if number is not None:
            evidence.claims.append(
                Claim(
                    row.id,
                    number,
                    "days" if name.endswith("days") else "any",
                    row.columns.get("currency_code"),
                    borrower,
                    name,
                    row.id,
                    when,
                    None,
                    row=f"{row.table}:{row.id}",
                    party=party,
                )
            )
        else:
            evidence.identifiers.add(text)
            evidence.texts.setdefault(f"{row.table}:{row.id}:{name}", text)


def _value(evidence: Evidence, value: Value) -> None:
    evidence.ids.add(value.id)
    for day in (value.when, value.since):
        if day:
            evidence.other_dates.add(day)
            evidence.value_dates.add(day)
    for key in value.inputs if value.when else ():
        if ":" in key:
            evidence.row_dates.setdefault(key, set()).add(value.when)  # type: ignore[arg-type]
    if value.unit == "date" and value.when:
        evidence.named_dates.setdefault(value.name, set()).add((value.about, value.when))
    evidence.rests[value.id] = value.inputs
    if value.about:
        evidence.about_of[value.id] = value.about
        evidence.identifiers.add(value.about)
        evidence.abouts.add(value.about)
    if value.value is not None:
        evidence.claims.append(
            Claim(
                value.id,
                value.value,
                value.unit,
                value.currency,
                value.borrower,
                value.name,
                value.about,
                value.when,
                None,
                value.since,
                value.direction,
                inputs=value.inputs,
                state=value.state,
            )
        )
    if value.state or value.direction:
        evidence.states.append(value)
    if value.name == "covenant_status" and value.when:
        evidence.named_dates.setdefault("last_test", set()).add((value.about, value.when))


def _rule_words(text: str) -> list[str]:
    """What a rule says of itself, line by line; the keys before it and whatever is too short to be told apart are left out."""
    lines = [line.split(": ", 1)[-1] if _KEYED.match(line) else line for line in text.split("\n")]
    return [line for line in lines if len(line) > SHORTEST]


def _page(evidence: Evidence, source: Source) -> None:
    if source.page:
        evidence.pages.setdefault(source.document, set()).add(source.page)


def _flat(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for child in node.values():
            yield from _flat(child)
    elif isinstance(node, (list, tuple, set, frozenset)):
        for child in node:
            yield from _flat(child)
    elif node is not None and not isinstance(node, bool):
        yield str(node)


def _iso_dates(text: str) -> list[date]:
    found = []
    for year, month, day in re.findall(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)", text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
