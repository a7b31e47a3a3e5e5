"""The use of a loan's proceeds, read from the book: accounts along which its money went, registers, papers; traced and judged.

Accounts are opened as the money reaches them: first the borrower's, then those of payees at this bank, as far as the caller may see
them. Where he may not, or the account lies elsewhere, the trace ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tools.domain.account_lines import AccountLine, same_account
from tools.domain.account_steps import Account, Line, Walk, in_cents, line_of, party_place, walk
from tools.domain.drawings import claims_of, credit_lines
from tools.domain.guarantees import NAMED
from tools.domain.loan_rows import transactions_of
from tools.domain.names import normal_name
from tools.domain.paper_records import PaperRecord
from tools.domain.postings import effective
from tools.domain.related_parties import Related
from tools.domain.tracing import trace
from tools.domain.usage import find_usage, marked_steps, places_of
from tools.domain.use_case import Case, Party, Usage, UseRules
from tools.domain.use_papers import Paper, paper_of
from tools.domain.use_shapes import usage_shape
from tools.errors import BadRequest
from tools.rulebook.use_rules import load_use
from tools.toolbox.desk import Desk
from tools.toolbox.guarantees import resolver
from tools.toolbox.kinship import ties_around

BookRow = Mapping[str, Any]
HISTORY_DAYS = 365
"""How far before the drawing payments make a payee an established one."""
PRINTED = "printed:"
"""Before the number of an account of which only statements of account are known."""
SMALL_REGISTER = 50_000
"""A register of counterparties up to so many rows is read whole, so that other spellings of a name are found too."""
MOST_ACCOUNTS = 200
"""Accounts opened for one loan; money spread wider is followed no further, and a remark says so."""


def usage_of(desk: Desk, loan: str) -> Usage:
    """The usage of one loan. BadRequest when the caller sees none such."""
    key = ("usage", loan)
    if key not in desk.kept:
        rows = desk.loan_book.rows(desk.caller, "loans", desk.clocks, where={"id": loan}, limit=1)
        if not rows:
            raise BadRequest(f"no loan {loan!r}", fix="Use `loanward loans` to see the ids")
        desk.kept[key] = _Reader(desk, rows[0]).usage()
    found: Usage = desk.kept[key]
    return found


def usage_view(desk: Desk, loan: str) -> dict[str, Any]:
    """The `usage` command: the shape of interfaces."""
    return usage_shape(usage_of(desk, loan))


class _Reader:
    """Reads what one loan's trace needs, account by account."""

    def __init__(self, desk: Desk, row: BookRow) -> None:
        self.desk, self.row = desk, row
        self.loan, self.borrower = str(row["id"]), str(row["_borrower"])
        self.rules: UseRules = load_use(desk.rulebook.as_of or desk.clocks.as_of)
        self.drawings, self.account = self._drawings()
        self.first = min((day for day, _ in self.drawings), default=row["start_date"])
        self.accounts: dict[str, Account] = {}
        self.lines: dict[str, Line] = {}
        self.history: list[Line] = []
        self.remarks: list[str] = []

    def usage(self) -> Usage:
        """Opens account after account until the money leads to no new one, then judges."""
        self._open_own()
        case = self._case()
        for _ in range(self.rules.hops):
            if not self._follow(case):
                break
            case = self._case()
        return find_usage(case, self.rules, self.desk.clocks.as_of)

    def _rows(self, table: str, **more: Any) -> list[dict[str, Any]]:
        return self.desk.loan_book.rows(self.desk.caller, table, self.desk.clocks, **more)

    def _drawings(self) -> tuple[tuple[tuple[date, int], ...], str | None]:
        rows = self._rows("loan_transactions", borrower=self.borrower, where={"loan_id": self.loan})
        if not rows:
            begun = self.row["start_date"] <= self.desk.clocks.as_of
            return ((self.row["start_date"], in_cents(self.row["orig_notional"])),) if begun else (), None
        postings = effective(transactions_of(rows), self.desk.clocks)
        drawn = tuple((day, in_cents(amount)) for day, amount in postings.amounts("drawdown"))
        accounts = [str(row["account_id"]) for row in rows if row["type"] == "drawdown" and row["account_id"]]
        return drawn, accounts[0] if accounts else None

    def _open_own(self) -> None:
        rows = self._rows("accounts", borrower=self.borrower)
        self._open(rows)
        since = self.first - timedelta(days=HISTORY_DAYS)
        found = [line_of(row) for row in self._rows("account_transactions", borrower=self.borrower, since=since)]
        found += self._printed(since)
        mine = [line for line in found if line.account in self.accounts]
        self.history = [line for line in mine if line.day < self.first]
        self.lines = {line.id: line for line in mine if line.day >= self.first}

    def _printed(self, since: date) -> list[Line]:
        """Lines of the borrower's accounts at other banks, as the statements of account it sent print them. An account whose lines the
        book holds is not read twice."""
        shown = {account.number for account in self.accounts.values() if account.number}
        name = self._customer_name(self.borrower)
        found: list[Line] = []
        for line in self.desk.store.papers.lines(self.desk.caller, self.borrower, self.desk.clocks, first=since):
            number = line.account_number or ""
            held = any(same_account(number, one) for one in shown)
            if line.duplicate_of is not None or not number or held or line.currency not in (None, self.row["currency_code"]):
                continue
            id = PRINTED + number
            self.accounts.setdefault(id, Account(id, number, self.borrower, name, line.account_bank, self.row["currency_code"]))
            found.append(printed_line(line, id))
        return found

    def _open(self, rows: Iterable[BookRow]) -> list[str]:
        opened = []
        for row in rows:
            id = str(row["id"])
            if id in self.accounts or row["currency_code"] != self.row["currency_code"]:
                continue
            owner = str(row["customer_id"])
            self.accounts[id] = Account(id, row["number"], owner, self._customer_name(owner), row["bank"], row["currency_code"])
            opened.append(id)
        return opened

    def _customer_name(self, id: str) -> str:
        found = self.desk.store.borrowers.get(self.desk.caller, id)
        return found.name if found else id

    def _follow(self, case: Case) -> bool:
        """Opens the accounts at this bank which loan money reached by the widest reading. True when there were new ones."""
        places, rules = places_of(case), self.rules
        drawn = sum(cents for _, cents in case.drawings)
        reached = trace(
            marked_steps(case, rules, places, _Neutral(rules)), case.walk.openings, places, "loan_first", rules.limits(drawn)
        )
        numbers: set[str] = set()
        owners: set[str] = set()
        since = self.desk.clocks.as_of
        for flow in reached.flows:
            if flow.target in case.accounts or flow.target in places.own:
                continue
            line = case.walk.lines[flow.transaction]
            numbers.update({line.party_account} - {""})
            customer = resolver(self.desk)(line.party)
            owners.update({customer} - {None, self.borrower} if customer else ())
            since = min(since, flow.day)
        if (not numbers and not owners) or len(self.accounts) >= MOST_ACCOUNTS:
            return False
        rows = self._rows("accounts", where={"number": sorted(numbers)}) if numbers else []
        for owner in sorted(owners):
            rows += self._rows("accounts", borrower=owner)
        opened = self._open(rows)
        for owner in sorted({self.accounts[id].owner for id in opened}):
            for row in self._rows("account_transactions", borrower=owner, since=since):
                line = line_of(row)
                if line.account in opened:
                    self.lines[line.id] = line
        return bool(opened)

    def _case(self) -> Case:
        lines = list(self.lines.values())
        own = frozenset(id for id, account in self.accounts.items() if account.owner == self.borrower)
        draws = credit_lines(lines, self.loan, self.drawings, self.account, own)
        evidence = self._papers()
        walked = walk(self.accounts, lines)
        every = {line.id: line.loan for line in lines if line.incoming and line.loan} | dict.fromkeys(draws, self.loan)
        customer = self.desk.store.borrowers.get(self.desk.caller, self.borrower)
        names = (customer.name, customer.name_en or "") if customer else (self.borrower,)
        return Case(
            self.loan, self.borrower, tuple(name for name in names if name), self.row["currency_code"], self.row["type"], self.row["purpose"] or "",
            self.row["payment_control"], self._refinancing(), self.drawings, draws, self.accounts, walked, self._parties(walked),
            self._before(), evidence, claims_of(lines, every, evidence or ()),
        )  # fmt: skip

    def _papers(self) -> Any:
        key = ("papers", self.borrower)
        if key not in self.desk.kept:
            snapshot = self.desk.loan_book.snapshot(self.desk.clocks)
            given = bool(snapshot and "evidence" in snapshot.rows)
            rows = self._rows("evidence", borrower=self.borrower)
            read = [paper_of_record(record) for record in self.desk.store.papers.records(self.desk.caller, self.borrower, self.desk.clocks)
                    if record.evidence_kind and record.state == "normal"]  # fmt: skip
            self.desk.kept[key] = (*(paper_of(row) for row in rows), *read) if given or rows or read else None
        return self.desk.kept[key]

    def _refinancing(self) -> bool:
        return self.row["origin"] in ("refinance", "renewal") or bool(self.row["replaces_loan_id"])

    def _before(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for line in self.history:
            if not line.incoming:
                place = party_place(line.party, line.party_account)
                counts[place] = counts.get(place, 0) + 1
        for id, account in self.accounts.items():
            named = party_place(account.name, "")
            if named in counts:
                counts[id] = counts[named]
        return counts

    def _parties(self, walked: Walk) -> dict[str, Party]:
        """Everything known of every place: registers of counterparties and customers, ties to the borrower, trade relations."""
        ties: dict[str, Related] = {
            related.party: related for related in ties_around(self.desk, self.borrower).related(self.borrower)
        }
        trade = self._trade()
        resolve = resolver(self.desk)
        names: dict[str, tuple[str, str]] = {id: (account.name, account.number or "") for id, account in self.accounts.items()}
        for line in walked.lines.values():
            names.setdefault(party_place(line.party, line.party_account), (line.party, line.party_account))
        registers = self._registers(names)
        sold = {party_place(line.party, line.party_account) for line in self.history if line.incoming}
        parties: dict[str, Party] = {}
        for place, (name, number) in names.items():
            customer = self.accounts[place].owner if place in self.accounts else resolve(name)
            entry = registers.get(number) or registers.get(normal_name(name)) or {}
            tie = ties.get(customer or "") or ties.get(NAMED + normal_name(name))
            relation = trade.get(customer or "", frozenset()) | trade.get(normal_name(name), frozenset())
            row = self._customer(customer) if customer else {}
            parties[place] = Party(
                name or number, entry.get("kind") or ("person" if row.get("type") == "individual" else None),
                entry.get("industry_code") or row.get("industry_code"), entry.get("registered_on") or row.get("incorporation_date"),
                entry.get("business_scope"), customer, tie.kinds if tie else (), "supplier" in relation,
                "buyer" in relation or place in sold,
            )  # fmt: skip
        return parties

    def _customer(self, id: str) -> BookRow:
        if ("customer_row", id) not in self.desk.kept:
            rows = self._rows("customers", borrower=id, limit=1)
            self.desk.kept["customer_row", id] = rows[0] if rows else {}
        found: BookRow = self.desk.kept["customer_row", id]
        return found

    def _trade(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for row in self._rows("relations", borrower=self.borrower):
            if row["relation"] in ("supplier", "buyer"):
                for key in (row["related_customer_id"], normal_name(row["related_name"])):
                    if key:
                        found[key] = found.get(key, frozenset()) | {row["relation"]}
        return found

    def _registers(self, names: Mapping[str, tuple[str, str]]) -> dict[str, BookRow]:
        """The counterparty register by account number and by normal name; of a large one only the payees at hand."""
        snapshot = self.desk.loan_book.snapshot(self.desk.clocks)
        if snapshot is not None and snapshot.rows.get("counterparties", 0) > SMALL_REGISTER:
            said, numbers = {name for name, _ in names.values() if name}, {number for _, number in names.values() if number}
            rows = self._rows("counterparties", where={"name": sorted(said)}) if said else []
            return _by_name_and_account(
                rows + (self._rows("counterparties", where={"account": sorted(numbers)}) if numbers else [])
            )
        if "counterparties" not in self.desk.kept:
            self.desk.kept["counterparties"] = _by_name_and_account(self._rows("counterparties"))
        registers: dict[str, BookRow] = self.desk.kept["counterparties"]
        return registers


def _by_name_and_account(rows: Iterable[BookRow]) -> dict[str, BookRow]:
    found: dict[str, BookRow] = {}
    for row in rows:
        found[normal_name(row["name"])] = row
        if row["account"]:
            found[row["account"]] = row
    return found


def printed_line(line: AccountLine, account: str) -> Line:
    """A line that a statement of account prints, as a line of an account."""
    return Line(
        line.id, account, line.value_date, line.direction == "in", in_cents(line.amount), line.counterparty_name or "",
        line.counterparty_account or "", line.counterparty_bank or "", line.memo or "", line.channel or "", line.time or "", line.sequence,
        None if line.balance_after is None else in_cents(line.balance_after), None, False,
    )  # fmt: skip


def paper_of_record(record: PaperRecord) -> Paper:
    """An invoice, contract, delivery or receipt read from a document: it names no loan and no payment."""
    return Paper(
        record.id, "", None, str(record.evidence_kind), record.number or record.source.document, record.party or "",
        None if record.amount is None else in_cents(record.amount), record.date, None,
    )  # fmt: skip


class _Neutral(dict[str, Any]):
    """Categories that misuse nothing: to see how far money reaches, what it was used for does not matter."""

    def __init__(self, rules: UseRules) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, key: str) -> Any:
        return self.rules.payees.by_id["own_account"]
