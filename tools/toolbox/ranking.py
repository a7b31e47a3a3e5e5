"""The caller's borrowers ordered and filtered by a metric or by a measure of their loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from tools.domain.facts import Fact, Row
from tools.domain.figures import Figure
from tools.domain.money import plain
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.common_money import CommonMoney, common_money
from tools.toolbox.desk import Desk
from tools.toolbox.figures import known, look_up, metric_id
from tools.toolbox.loan_states import loan_row, running, views_of
from tools.toolbox.ranked import Given, Ranked, Scored, Screened, latest_column, value_of
from tools.toolbox.references import mark

Order = Literal["asc", "desc"]
OPERATORS = ("<", "<=", ">", ">=", "==")
LOAN_MEASURES: Mapping[str, str] = {
    "balance": "currency",
    "overdue_total": "currency",
    "dues_12m": "currency",
    "dpd": "days",
    "rate": "ratio",
}
MOST = 200
MOST_SENSELESS = 20
TOLD = ("converted", "sum", "sum_converted", "average")


def rank_borrowers(
    desk: Desk,
    measure: str,
    order: Order = "desc",
    limit: int = 10,
    where: Sequence[Mapping[str, str]] = (),
    periods: Sequence[str] = ("latest",),
    average: bool = False,
    ids: Sequence[str] = (),
    currency: str | None = None,
    only: str | None = None,
    loans: Sequence[str] = (),
    share: Sequence[str] = (),
) -> ToolResult:
    """The tool: borrowers by one measure, after `where` conditions {measure, operator, value} (a share as 0.7 for 70 %).

    `share`: also what part of everybody's amount these have, each and together. `only`: amounts of this currency and no other; `loans`: only these, for measures of loans. Amounts of several currencies are compared in the commonest one at the book's rate. A borrower without the figure is counted, never
    ranked; one for whom it means nothing (a negative denominator) is named."""
    if order not in ("asc", "desc"):
        raise BadRequest(f"{order!r} is no order", fix="Use asc or desc")
    main = _measure(desk, measure)
    conditions = [(_measure(desk, c["measure"]), _operator(c["operator"]), _number(c["value"])) for c in where]
    people = {b.id: b for b in desk.index().borrowers}
    if ids:
        people = {id: people[id] for id in (desk.borrower(one).id for one in ids)}
    money = common_money(desk, [currency] if currency else _currencies(desk, main, people))
    table = {
        name: _ranked(desk, name, periods, people, money, loans, lowest=order == "asc", only=only)
        for name in {main, *(c[0] for c in conditions)}
    }
    kept = table[main].people()
    if only:
        kept = {one for one in kept if (node := table[main].node(one)) is not None and node.currency == only}
    for name, operator, value in conditions:
        kept &= table[name].meeting(operator, value)
    shown = table[main].top(kept, min(limit, MOST), descending=order == "desc")
    sharing = [id for id in (desk.borrower(one).id for one in share) if id in kept]
    shown = [*shown, *(id for id in sharing if id not in shown)]
    nodes = [node for one in shown for name in table if (node := table[name].node(one)) is not None]
    senseless = sorted(table[main].senseless) if not conditions else []
    apart = _apart(table[main], people, kept) if not conditions and not only else []
    when = desk.clocks.as_of
    counts = [
        count_of("matches", len(kept)), count_of("with_figure", len(table[main].people())), count_of("senseless", len(senseless)),
        count_of("without_figure", len(people) - len(table[main].people()) - len(senseless) - len(apart)),
    ]  # fmt: skip
    limits = [
        Value(f"asked_limit:{name}:{value}", "asked_limit", None, unit := _unit(desk, name), value, (money.home or None) if unit == "currency" else None, when, about=name,
              state=operator)
        for name, operator, value in conditions
    ]  # fmt: skip
    told = [figure for one in senseless[:MOST_SENSELESS] if (figure := _senseless(desk, one, main, periods)) is not None]
    nodes += [node for one in apart if (node := table[main].node(one)) is not None]
    values = [*(n for n in nodes if isinstance(n, Value)), *_converted(table[main], shown, main, money, when)]
    if _unit(desk, main) == "currency" and len(kept) <= MOST:
        values += _sums(table[main], sorted({*kept, *apart}), main, money, when)
    if share and _unit(desk, main) == "currency":
        values += _parts_of_all(table[main], sorted({*kept, *apart}), sharing, money, when)
    if average and 1 < len(kept) <= MOST:
        values.append(_average(table[main], sorted(kept), main, _unit(desk, main), money, when))
    named = [*shown, *(figure.borrower for figure in told), *apart]
    artifact = Artifact(
        "rank_borrowers", {"measure": main, "order": order, "limit": limit, "where": [dict(c) for c in where], "periods": list(periods),
         "compared_in": money.home, **({"only": only} if only else {}), **({"share": list(share)} if share else {})},
        tuple(desk.ref(people[one]) for one in dict.fromkeys(named)), (*(n for n in nodes if isinstance(n, Figure)), *told),
        tuple(n for n in nodes if isinstance(n, Fact)), tuple(_rows(desk, nodes)), (*values, *money.rates(), *counts, *limits),
    )  # fmt: skip
    lines = [f"{len(kept)} borrowers match; {len(table[main].people())} of {len(people)} have {main}"]
    for place, one in enumerate(shown, 1):
        node = table[main].node(one)
        assert node is not None
        lines.append(f"{place}. {one} {people[one].name}: {plain(value_of(node))} {node.currency or ''} {mark(node.id)}")
    lines += [
        f"not meaningful, no number at all: {f.borrower} {people[f.borrower].name} ({f.reason}) {mark(f.id)}" for f in told
    ]
    lines += [f"no exchange rate, set apart: {one} {people[one].name}" for one in apart]
    lines += [
        f"{v.name} {v.borrower or v.about} {plain(v.value)} {v.currency or ''} {mark(v.id)}"
        for v in values
        if v.name in TOLD and v.value is not None
    ]
    lines += [f"rate {v.about} of {v.when}: {plain(v.value)} {mark(v.id)}" for v in money.rates() if v.value is not None]
    return ToolResult("\n".join(lines), artifact)


def _currencies(desk: Desk, name: str, people: Collection[str]) -> list[str]:
    """The currencies the measure comes in, one a borrower or loan."""
    if _unit(desk, name) != "currency":
        return []
    if name in LOAN_MEASURES:
        return [view.terms.currency for view in views_of(desk) if running(view) and view.terms.borrower in people]
    table = desk.portfolio().table
    return [currency for one, currency in zip(table.borrowers, table.currencies, strict=True) if one in people]


def _apart(ranked: Ranked, people: Collection[str], kept: Collection[str]) -> list[str]:
    """Borrowers with an amount in a currency there is no rate for."""
    if not isinstance(ranked, Given):
        return []
    return sorted(one for one in ranked.nodes if one in people and one not in kept and ranked.worth(ranked.nodes[one]) is None)


def _senseless(desk: Desk, borrower: str, name: str, periods: Sequence[str]) -> Figure | None:
    """The figure that says why there is no number."""
    answers = [a.answer for a in look_up(desk, borrower, [name], periods)] if name not in LOAN_MEASURES else []
    return next((a for a in reversed(answers) if isinstance(a, Figure) and a.status == "not_meaningful"), None)


def _converted(ranked: Ranked, shown: Sequence[str], name: str, money: CommonMoney, when: date) -> Iterator[Value]:
    """What foreign amounts come to, and the parts of a sum over two currencies."""
    for one in shown:
        node = ranked.node(one)
        if node is None or not node.currency:
            continue
        parts = ranked.parts.get(one, {}) if isinstance(ranked, Given) else {}
        if node.currency != money.home:
            made_of = node.inputs if isinstance(node, Value) else (node.id,)
            yield Value(f"converted:{name}:{one}", "converted", one, "currency", money.worth(node.value, node.currency), money.home, when, about=name,
                        inputs=made_of)  # fmt: skip
        loans = node.inputs if isinstance(node, Value) else ()
        for currency, amount in parts.items() if len(parts) > 1 else ():
            yield Value(
                f"{name}:part:{one}:{currency}", name, one, "currency", amount, currency, when, about="part", inputs=loans
            )


def _sums(ranked: Ranked, people: Sequence[str], name: str, money: CommonMoney, when: date) -> Iterator[Value]:
    """Everybody's amounts added up, one sum a currency, and what they come to together."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    inputs: dict[str, None] = {}
    for one in people:
        node = ranked.node(one)
        if node is None:
            continue
        parts = (ranked.parts.get(one) if isinstance(ranked, Given) else None) or {node.currency or "": value_of(node)}
        for currency, amount in parts.items():
            sums[currency] += amount
        inputs |= dict.fromkeys(node.inputs if isinstance(node, Value) else (node.id,))
    rests = tuple(inputs)
    for currency, total in sums.items():
        yield Value(f"sum:{name}:{currency}", "sum", None, "currency", total, currency or None, when, about=name, inputs=rests)
    together = money.together(sums)
    if len(sums) > 1 and together is not None:
        yield Value(
            f"sum_converted:{name}", "sum_converted", None, "currency", together, money.home, when, about=name, inputs=rests
        )


def _parts_of_all(
    ranked: Ranked, people: Sequence[str], some: Sequence[str], money: CommonMoney, when: date
) -> Iterator[Value]:
    """Some borrowers' amounts against everybody's, each and together, in the currency of the comparison."""
    nodes = {who: node for who in people if (node := ranked.node(who)) is not None}
    worths = {who: money.worth(value_of(node), node.currency) for who, node in nodes.items()}
    known_worths = {who: worth for who, worth in worths.items() if worth is not None}
    whole = sum(known_worths.values(), Decimal(0))
    if whole <= 0 or len(known_worths) < len(worths):
        return
    inputs: dict[str, None] = {}
    for one in some:
        node = nodes[one]
        own = node.inputs if isinstance(node, Value) else (node.id,)
        inputs |= dict.fromkeys(own)
        yield Value(
            f"exposure_share:{one}",
            "exposure_share",
            one,
            "ratio",
            known_worths[one] / whole,
            None,
            when,
            about=one,
            inputs=own,
        )
    if len(some) > 1:
        together = sum((known_worths[one] for one in some), Decimal(0)) / whole
        yield Value(
            "exposure_share:together",
            "exposure_share",
            None,
            "ratio",
            together,
            None,
            when,
            about="together",
            inputs=tuple(inputs),
        )


def _average(ranked: Ranked, people: Sequence[str], name: str, unit: str, money: CommonMoney, when: date) -> Value:
    """The plain mean over everybody who has the figure; amounts in the currency of the comparison."""
    nodes = [node for one in people if (node := ranked.node(one)) is not None]
    worths = [money.worth(value_of(n), n.currency) if unit == "currency" and n.currency else value_of(n) for n in nodes]
    mean = sum((w for w in worths if w is not None), Decimal(0)) / max(sum(w is not None for w in worths), 1)
    inputs = tuple(dict.fromkeys(id for n in nodes for id in (n.inputs if isinstance(n, Value) else (n.id,))))
    return Value(
        f"average:{name}",
        "average",
        None,
        unit,
        mean,
        (money.home or None) if unit == "currency" else None,
        when,
        about=name,
        inputs=inputs,
    )


def _rows(desk: Desk, nodes: Sequence[Scored]) -> Iterator[Row]:
    """The loans behind loan measures."""
    for node in nodes:
        for source in node.inputs if isinstance(node, Value) else ():
            row = loan_row(desk, source.partition(":")[2])
            if row is not None:
                yield row


def _measure(desk: Desk, name: str) -> str:
    return name if name in LOAN_MEASURES or name == "maturity" else metric_id(desk, name)


def _unit(desk: Desk, name: str) -> str:
    if name in LOAN_MEASURES:
        return LOAN_MEASURES[name]
    definition = desk.rulebook.definition(name)
    return definition.unit if definition else "currency"


def _operator(text: str) -> str:
    if text not in OPERATORS:
        raise BadRequest(f"{text!r} is no comparison", fix=f"Use one of {', '.join(OPERATORS)}")
    return text


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadRequest(f"{text!r} is not a number", fix="Write it as a plain decimal") from None


def _ranked(
    desk: Desk, name: str, periods: Sequence[str], people: Collection[str], money: CommonMoney, loans: Sequence[str] = (),
    lowest: bool = False, only: str | None = None,
) -> Ranked:  # fmt: skip
    def worth(node: Scored) -> Decimal | None:
        return money.worth(node.value, node.currency) if node.currency else node.value

    if name in LOAN_MEASURES:
        nodes, parts = _loan_column(desk, name, money, loans, lowest, only)
        seen = {one: node for one, node in nodes.items() if one in people}
        return Given(seen, worth, parts=parts)
    meaningless: set[str] = set()

    def make(borrower: str) -> Scored | None:
        made = [a.answer for a in look_up(desk, borrower, [name], periods)]
        answers = [answer for answer in made if known(answer) is not None]
        if not answers and any(isinstance(answer, Figure) and answer.status == "not_meaningful" for answer in made):
            meaningless.add(borrower)
        return answers[-1] if answers else None

    table = desk.portfolio().table
    if tuple(periods) == ("latest",):
        foreign = [
            one for one, currency in zip(table.borrowers, table.currencies, strict=True)
            if _unit(desk, name) == "currency" and currency != money.home and one in people
        ]  # fmt: skip
        return Screened(latest_column(desk, name), people, make, worth, foreign)
    found = {one: node for one in table.borrowers if one in people and (node := make(one)) is not None}
    return Given(found, worth, frozenset(meaningless))


def _loan_column(
    desk: Desk, name: str, money: CommonMoney, loans: Sequence[str] = (), lowest: bool = False, only: str | None = None
) -> tuple[dict[str, Value], dict[str, dict[str, Decimal]]]:
    """Loan measures per borrower: sums of one currency, or of several in the common one (their parts beside them); the longest arrears,
    the highest rate, or the lowest where those are sought."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for view in views_of(desk):
        if running(view) and (not loans or view.terms.id in loans) and only in (None, view.terms.currency):
            groups[view.terms.borrower].append(view)
    take: Mapping[str, Callable[[Any], Decimal | None]] = {
        "balance": lambda v: v.terms.balance,
        "overdue_total": lambda v: v.overdue.total if v.overdue else None,
        "dues_12m": lambda v: v.dues_12m.total if v.dues_12m else None,
        "dpd": lambda v: None if v.dpd is None else Decimal(v.dpd),
        "rate": lambda v: v.terms.rate,
    }
    found: dict[str, Value] = {}
    parts: dict[str, dict[str, Decimal]] = {}
    for borrower, views in groups.items():
        numbers = [take[name](view) for view in views]
        if any(number is None for number in numbers):
            continue
        known_numbers = [number for number in numbers if number is not None]
        inputs = tuple(f"loans:{view.terms.id}" for view in views)
        unit, total, currency = LOAN_MEASURES[name], Decimal(0), None
        if unit != "currency":
            total = min(known_numbers) if lowest and name == "rate" else max(known_numbers)
        else:
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for view, number in zip(views, known_numbers, strict=True):
                sums[view.terms.currency] += number
            together = next(iter(sums.values())) if len(sums) == 1 else money.together(sums)
            if together is None:
                continue
            total, currency = together, next(iter(sums)) if len(sums) == 1 else money.home
            parts[borrower] = dict(sums)
        found[borrower] = Value(
            f"{name}:borrower:{borrower}",
            name,
            borrower,
            unit,
            total,
            currency,
            desk.clocks.as_of,
            about="total",
            inputs=inputs,
        )
    return found, parts
