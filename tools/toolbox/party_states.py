"""How the other side of a guarantee stands with us: what it owes, what is overdue, the class its loans need, and outside events.

A guarantee is worth what the guarantor is, and costs what the debtor is; asked together with the guarantee, it is answered together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tools.domain.book_evidence import evidence
from tools.domain.facts import Row
from tools.domain.guarantees import NAMED
from tools.toolbox.artifacts import Value
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import loan_row, running, views_of

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
MOST_EVENTS = 3
MOST_PARTIES = 8


def party_states(desk: Desk, parties: Iterable[str]) -> tuple[list[Value], list[Row]]:
    """Values and rows of every party that is a customer the caller may see, in the order given."""
    values: list[Value] = []
    rows: list[Row] = []
    for party in list(dict.fromkeys(parties))[:MOST_PARTIES]:
        if party.startswith(NAMED) or desk.store.borrowers.get(desk.caller, party) is None:
            continue
        found, read = _state(desk, party)
        values += found
        rows += read
    return values, rows


def _state(desk: Desk, party: str) -> tuple[list[Value], list[Row]]:
    day = desk.clocks.as_of
    views = [view for view in views_of(desk, party) if running(view)]
    inputs = tuple(f"loans:{view.terms.id}" for view in views)
    balances: dict[str, Decimal] = defaultdict(Decimal)
    late: dict[str, Decimal] = defaultdict(Decimal)
    for view in views:
        balances[view.terms.currency] += view.terms.balance or Decimal(0)
        late[view.terms.currency] += view.overdue.total if view.overdue else Decimal(0)
    values: list[Value] = []
    for name, sums in (("balance", balances), ("overdue_total", late)):
        values += [
            Value(f"party_{name}:{party}:{currency}", name, party, "currency", amount, currency, day, about=f"party:{party}", inputs=inputs)
            for currency, amount in sums.items()
            if amount
        ]  # fmt: skip
    worst = max((view for view in views if view.dpd is not None), key=lambda view: view.dpd or 0, default=None)
    if worst is not None:
        loan = (f"loans:{worst.terms.id}",)
        values.append(
            Value(
                f"party_dpd:{party}",
                "dpd",
                party,
                "days",
                Decimal(worst.dpd or 0),
                None,
                day,
                about=f"party:{party}",
                inputs=loan,
            )
        )
        state = "arrears" if worst.dpd else "no_arrears"
        values.append(
            Value(
                f"arrears_state:{party}",
                "arrears_state",
                party,
                "state",
                None,
                None,
                day,
                about=party,
                state=state,
                inputs=inputs,
            )
        )
    proposed = [
        view.classification.proposed for view in views if view.classification is not None and view.classification.proposed
    ]
    fallen = max((one for one in proposed if one in CLASSES), key=CLASSES.index, default=None)
    if fallen not in (None, CLASSES[0]):
        values.append(
            Value(f"party_class:{party}", "classification_proposed", party, "state", None, None, day, about=f"party:{party}", state=str(fallen), inputs=inputs)
        )  # fmt: skip
    events = desk.loan_book.rows(desk.caller, "events", desk.clocks, borrower=party)
    newest: Sequence[dict[str, object]] = sorted(events, key=lambda row: str(row["date"]), reverse=True)[:MOST_EVENTS]
    rows = [row for view in views if (row := loan_row(desk, view.terms.id)) is not None]
    return values, [*rows, *(evidence("events", row) for row in newest)]
