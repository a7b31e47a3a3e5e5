"""What is left of a borrower's exposure when everything behind it is counted at what it is worth to a lender, and what must be set aside.

Collateral counts after its lost share, which grows with the age of the valuation, and only as far as it is free and ours; insurance and
risk sharing count by their share of what is left then; guarantors by what they are. Each is spread over the loans it covers by what
those still need, to the cent. What is in another currency counts only with a rate, its date and its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from tools.domain.rules import RowId

ZERO, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")
YEAR = Decimal(12)
BookRow = Mapping[str, Any]
Kind = Literal["collateral", "credit_insurance", "guarantee_fund", "risk_sharing", "other", "guarantee"]
ORDER: tuple[Kind, ...] = ("collateral", "credit_insurance", "guarantee_fund", "risk_sharing", "other", "guarantee")


@dataclass(frozen=True, slots=True)
class CollateralType:
    """`haircut`: lost share of the value; `ageing` more a year beyond `fresh_months`; `insured`: it must be."""

    id: str
    haircut: Decimal
    words: tuple[str, ...]
    fresh_months: int
    ageing: Decimal
    insured: bool


@dataclass(frozen=True, slots=True)
class MitigantRules:
    """The dated settings of this module."""

    types: tuple[CollateralType, ...]
    other: CollateralType
    valuation: Mapping[str, Decimal]
    uninsured: Decimal
    lien: Decimal
    fx: Decimal
    firm: Decimal
    person: Decimal
    in_circle: Decimal
    troubled: Decimal
    shared: frozenset[str]
    ends_within: int
    undrawn: Decimal
    provision: Mapping[str, Decimal]
    default_rate: Mapping[str, Decimal]
    least_loss: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of the second currency for one of the first, with where it comes from."""

    value: Decimal
    day: date
    series: str


RateOf = Callable[[str, str], Rate | None]


@dataclass(frozen=True, slots=True)
class Need:
    """One loan that may need covering. `category` is the worse of what is confirmed and what is proposed."""

    loan: str
    currency: str
    balance: Decimal
    undrawn: Decimal
    category: str | None
    booked: Decimal | None
    rating: str | None
    stage: int | None
    dpd: int | None


@dataclass(frozen=True, slots=True)
class Mitigant:
    """One thing that stands behind loans. `value`: as valued or promised; `counts`: after every lost share, in `currency`; `share`: of
    what is left after collateral (None: all up to `counts`). `lost`: the shares lost by reason. `flags`: stale_value, uninsured,
    insurance_ending, seized, second_lien, ended, ending, in_circle, troubled, rate_missing, unlimited."""

    kind: Kind
    id: str
    name: str
    loans: tuple[str, ...]
    value: Decimal | None
    currency: str | None
    counts: Decimal | None
    share: Decimal | None
    lost: tuple[tuple[str, Decimal], ...]
    flags: tuple[str, ...]
    rows: tuple[RowId, ...]
    age_months: int | None = None
    ends: date | None = None
    claim_by: date | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """What one mitigant covers of one loan, in the loan's currency."""

    mitigant: str
    kind: Kind
    loan: str
    amount: Decimal
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class LoanExposure:
    """One loan: `exposure` is balance and the counted part of the undrawn limit; `uncovered` what nothing covers; `required` the least
    provision of its category; `shortfall` what the booked provision lacks; `expected_loss` an indication."""

    need: Need
    exposure: Decimal
    covered: tuple[Covered, ...]
    uncovered: Decimal
    required: Decimal | None
    shortfall: Decimal | None
    expected_loss: Decimal | None

    def of(self, kind: Kind) -> Decimal:
        """Cover of one kind."""
        return sum((part.amount for part in self.covered if part.kind == kind), ZERO)


def collateral_of(row: BookRow, rules: MitigantRules, as_of: date) -> Mitigant:
    """A `collateral` row at what it would bring; nothing while its only valuation is later than `as_of`."""
    kind = type_of(str(row["type"]), row.get("description") or "", rules)
    age = _months(row["value_date"], as_of)
    lost = [("haircut", kind.haircut)]
    flags = []
    if age > kind.fresh_months:
        lost.append(("ageing", kind.ageing * Decimal(age - kind.fresh_months) / YEAR))
        flags.append("stale_value")
    said = str(row.get("valuation_type") or "").casefold()
    if rules.valuation.get(said):
        lost.append(("valuation", rules.valuation[said]))
    insured_to = row.get("insurance_end_date")
    if kind.insured and (insured_to is None or insured_to < as_of):
        lost.append(("uninsured", rules.uninsured))
        flags.append("uninsured" if insured_to is not None else "insurance_unknown")
    elif kind.insured and insured_to is not None and (insured_to - as_of).days <= rules.ends_within:
        flags.append("insurance_ending")
    if row["value_date"] > as_of:
        return Mitigant(
            "collateral", str(row["id"]), str(row.get("description") or row["type"]), tuple(row["loan_ids"]), None, row["currency_code"],
            ZERO, None, (), ("not_valued",), (("collateral", str(row["id"])),), None, insured_to,
        )  # fmt: skip
    keeps = ONE - min(max(sum((share for _, share in lost), ZERO), ZERO), ONE)
    counts = (row["value"] * keeps).quantize(CENT, ROUND_HALF_UP)
    if (row.get("lien_rank") or 1) > 1:
        counts, flags = (row["value"] * rules.lien).quantize(CENT, ROUND_HALF_UP), [*flags, "second_lien"]
    if row.get("seized_on") is not None and row["seized_on"] <= as_of:
        counts, flags = ZERO, [*flags, "seized"]
    return Mitigant(
        "collateral", str(row["id"]), str(row.get("description") or row["type"]), tuple(row["loan_ids"]), row["value"], row["currency_code"],
        counts, None, tuple(lost), tuple(flags), (("collateral", str(row["id"])),), age, insured_to,
    )  # fmt: skip


def type_of(text: str, description: str, rules: MitigantRules) -> CollateralType:
    """The type whose word stands in the book's type, else in its description; else the worst assumptions."""
    for told in (text.casefold(), description.casefold()):
        for kind in rules.types:
            if any(word in told for word in kind.words):
                return kind
    return rules.other


def cover_of(row: BookRow, rules: MitigantRules, as_of: date, overdue_since: Mapping[str, date]) -> Mitigant:
    """A `mitigants` row. `overdue_since`: the oldest unpaid due of each loan in arrears, from which a claim must be made."""
    from datetime import timedelta

    flags, counts = _term(row, rules, as_of)
    since = [overdue_since[loan] for loan in row["loan_ids"] if loan in overdue_since]
    deadline = row.get("claim_deadline_days")
    claim = min(since) + timedelta(days=deadline) if since and deadline is not None else None
    if claim is not None and claim < as_of:
        flags.append("claim_late")
        counts = ZERO
    share = row.get("cover_share") if row["kind"] in rules.shared else None
    if row.get("cover") is None and share is None:
        flags.append("amount_unknown")
        counts = ZERO
    cover = row.get("cover") if counts is None else counts
    return Mitigant(
        row["kind"], str(row["id"]), row.get("provider") or row["kind"], tuple(row["loan_ids"]), row.get("cover"), row.get("currency_code"),
        cover, share, (), tuple(flags), (("mitigants", str(row["id"])),), None, row.get("end_date"), claim,
    )  # fmt: skip


def guarantee_of(row: BookRow, rules: MitigantRules, as_of: date, *, person: bool, in_circle: bool, troubled: bool) -> Mitigant:
    """A `guarantors` row: what of the promise counts is what the guarantor is."""
    flags, ended = _term(row, rules, as_of)
    keeps = rules.person if person else rules.firm
    if in_circle:
        keeps, flags = rules.in_circle, [*flags, "in_circle"]
    if troubled:
        keeps, flags = rules.troubled, [*flags, "troubled"]
    amount = row.get("amount")
    if amount is None:
        flags.append("unlimited")
    counts = ended if ended is not None else None if amount is None else (amount * keeps).quantize(CENT, ROUND_HALF_UP)
    # a promise without a limit counts by its share of what is left
    share = keeps if amount is None else None
    return Mitigant(
        "guarantee", str(row["id"]), row["name"], tuple(row["loan_ids"]), amount, row.get("currency_code"), counts, share,
        (("guarantor", ONE - keeps),), tuple(flags), (("guarantors", str(row["id"])),), None, row.get("end_date"),
    )  # fmt: skip


def cover(
    needs: Sequence[Need], mitigants: Iterable[Mitigant], rules: MitigantRules, rate_of: RateOf
) -> tuple[tuple[LoanExposure, ...], tuple[Mitigant, ...]]:
    """Every loan's exposure after all mitigants, in the order collateral, insurance, funds, sharing, guarantees; and the mitigants with
    a flag where a rate is missing."""
    known = {need.loan: need for need in needs}
    left = {need.loan: exposure_of(need, rules) for need in needs}
    parts: dict[str, list[Covered]] = {need.loan: [] for need in needs}
    told: list[Mitigant] = []
    for mitigant in sorted(mitigants, key=lambda one: (ORDER.index(one.kind), one.id)):
        loans = [loan for loan in mitigant.loans if loan in known]
        rates: dict[str, Rate | None] = {}
        lacking = False
        for loan in loans:
            currency = known[loan].currency
            if mitigant.currency in (None, currency):
                rates[loan] = None
            else:
                rate = rate_of(str(mitigant.currency), currency)
                if rate is None:
                    lacking = True
                else:
                    rates[loan] = rate
        if lacking:
            mitigant = replace(mitigant, flags=(*mitigant.flags, "rate_missing"))
        told.append(mitigant)
        for loan, amount in _spread(mitigant, {loan: left[loan] for loan in rates}, rates, rules).items():
            left[loan] -= amount
            parts[loan].append(Covered(mitigant.id, mitigant.kind, loan, amount, rates[loan]))
    return tuple(_exposure(need, parts[need.loan], left[need.loan], rules) for need in needs), tuple(told)


def exposure_of(need: Need, rules: MitigantRules) -> Decimal:
    """Balance and the counted part of what may still be drawn."""
    return need.balance + (need.undrawn * rules.undrawn).quantize(CENT, ROUND_HALF_UP)


def spread(amount: Decimal, needs: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """`amount` over loans in proportion to what they need, none more than it needs, to the cent; the largest remainders first."""
    total = sum(needs.values(), ZERO)
    if amount >= total:
        return {loan: need for loan, need in needs.items() if need > 0}
    exact = {loan: amount * need / total for loan, need in needs.items()}
    parts = {loan: part.quantize(CENT, ROUND_DOWN) for loan, part in exact.items()}
    spare = int((amount.quantize(CENT, ROUND_DOWN) - sum(parts.values(), ZERO)) / CENT)
    for loan in sorted(exact, key=lambda one: (parts[one] - exact[one], one))[:spare]:
        parts[loan] += CENT
    return {loan: part for loan, part in parts.items() if part > 0}


def _spread(
    mitigant: Mitigant, left: Mapping[str, Decimal], rates: Mapping[str, Rate | None], rules: MitigantRules
) -> dict[str, Decimal]:
    """Amounts by loan in the loans' currencies. In several currencies each loan gets its part of the value first."""
    wanted = {
        loan: need if mitigant.share is None else (need * mitigant.share).quantize(CENT, ROUND_DOWN)
        for loan, need in left.items()
    }
    wanted = {loan: need for loan, need in wanted.items() if need > 0}
    if mitigant.counts is None:
        return dict(wanted)
    home = {loan: need / rate.value if (rate := rates[loan]) else need for loan, need in wanted.items()}
    keeps = {loan: ONE - rules.fx if rates[loan] else ONE for loan in wanted}
    home = {loan: need / keeps[loan] for loan, need in home.items() if keeps[loan] > 0}
    found: dict[str, Decimal] = {}
    for loan, part in spread(mitigant.counts, home).items():
        rate = rates[loan]
        amount = part * keeps[loan] * (rate.value if rate else ONE)
        found[loan] = min(amount.quantize(CENT, ROUND_DOWN), wanted[loan])
    return found


def _exposure(need: Need, parts: Sequence[Covered], uncovered: Decimal, rules: MitigantRules) -> LoanExposure:
    share = rules.provision.get(need.category or "")
    required = None if share is None else (need.balance * share).quantize(CENT, ROUND_HALF_UP)
    shortfall = None if required is None or need.booked is None else max(required - need.booked, ZERO)
    exposure = exposure_of(need, rules)
    return LoanExposure(
        need, exposure, tuple(parts), uncovered, required, shortfall, _expected(need, exposure, uncovered, rules)
    )


def _expected(need: Need, exposure: Decimal, uncovered: Decimal, rules: MitigantRules) -> Decimal | None:
    """Default rate of the rating (certain once non-performing or in stage 3) times the loss that is left, at least a floor of it."""
    defaulted = need.category in ("substandard", "doubtful", "loss") or need.stage == 3
    rate = ONE if defaulted else rules.default_rate.get((need.rating or "").rstrip("+-"))
    if rate is None:
        return None
    return (rate * max(uncovered, exposure * rules.least_loss)).quantize(CENT, ROUND_HALF_UP)


def _term(row: BookRow, rules: MitigantRules, as_of: date) -> tuple[list[str], Decimal | None]:
    """Flags of start and end; zero when it does not hold now."""
    start, end = row.get("start_date"), row.get("end_date")
    if end is not None and end < as_of:
        return ["ended"], ZERO
    if start is not None and start > as_of:
        return ["not_begun"], ZERO
    return (["ending"] if end is not None and (end - as_of).days <= rules.ends_within else []), None


def _months(since: date, until: date) -> int:
    return max((until.year - since.year) * 12 + until.month - since.month - (1 if until.day < since.day else 0), 0)
