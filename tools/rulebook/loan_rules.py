"""Loads what the rulebook says about loans: classification, recovery clocks, allocation, arrears, covenants, calendars.

A rule whose own tests fail is refused, as everywhere in the rulebook. All versions of a rule are kept: the one in force on
the business date of a case is picked when the case is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from tools.domain.allocation import AllocationRule, RepaymentSettings
from tools.domain.calendars import BusinessCalendar
from tools.domain.classification import Category, ClassificationRules
from tools.domain.covenant_dates import CovenantSettings, PaperNeed
from tools.domain.definitions import Layer, Rulebook
from tools.domain.grammar import parse
from tools.domain.loans import BusinessDayRule, DayCount, PrepaymentRule
from tools.domain.observation import ObservationSettings
from tools.domain.rules import Known, Rule, judge
from tools.domain.stress import Scenario
from tools.domain.tree import names
from tools.errors import RulebookError
from tools.rulebook.entries import HERE, Entry, in_force, read_entries, read_file, refuse_unknown
from tools.rulebook.layers import Extra, layered, layers_of, pinned
from tools.rulebook.settings import listed, setting

RULE_KEYS = frozenset({"kind", "name", "when", "effect", "exempt_by", "must_be_recorded", "explain", "tests"})
COVENANT_KEYS = frozenset({"at_risk_below", "watch_below", "due_days", "frequencies", "months", "projection", "equity_cure"})
SHOCKS = ("revenue_fall", "ebitda_fall", "rate_rise", "dso_days", "fx_move")
SWITCHES = ("lose_top_customer", "no_refinancing")
RULE_FILES = ("floors.yaml", "exemptions.yaml", "stages.yaml")
EFFECTS = frozenset({"classification_floor", "stage", "task", "exemption", "principle"})


def load_classification(
    known_at: date | None = None, extra: Extra = None, folder: Path = HERE / "classification", as_of: date | None = None
) -> ClassificationRules:
    """Every version of every rule recorded by `known_at`, and the first version of each. `extra`: a bank's or a draft's rules (a file, a
    folder or a rulebook's layers), which win over those of the same id on the days they hold for. `as_of`: only what is in force that
    day, whatever the day of the case. Raises RulebookError for wrong data or a rule that fails its tests."""
    return _classification(known_at, layers_of(extra), folder, as_of)


def classification_under(rulebook: Rulebook, known_at: date | None = None) -> ClassificationRules:
    """The classification rules that go with a rulebook: its layers, and its day if it was picked for one."""
    return load_classification(known_at, rulebook.layers, as_of=rulebook.as_of)


@lru_cache(maxsize=16)
def _classification(known_at: date | None, layers: tuple[Layer, ...], folder: Path, as_of: date | None) -> ClassificationRules:
    categories = _categories(read_file(folder / "categories.yaml"), folder / "categories.yaml")
    tasks = {name: entry["task"] for name, entry in read_file(folder / "measures.yaml")["measures"].items()}
    words = {name: tuple(listed) for name, listed in read_file(folder / "events.yaml")["words"].items()}
    entries = [entry for file in RULE_FILES for entry in read_entries(read_file(folder / file), file)]
    in_force(entries, None, None)
    first = {entry.id: min(e.origin.version for e in entries if e.id == entry.id) for entry in entries}
    # the law is older than this book: what was known before its first day is its first version
    written = [e for e in entries if known_at is None or e.origin.recorded_from <= known_at or e.origin.version == first[e.id]]
    known = [_rule(entry, tasks) for entry in layered(written, layers, "loan_rule", known_at)]
    _check(known, {category.id for category in categories})
    if as_of is not None:
        known = [replace(rule, origin=pinned(rule.origin)) for rule in known if rule.origin.in_force(as_of)]
    return ClassificationRules(tuple(known), categories, tasks, words)


@lru_cache(maxsize=8)
def measure_names(folder: Path = HERE / "classification") -> Mapping[str, Mapping[str, str]]:
    """What the rules ask for, by language, as far as it has a name."""
    return {id: entry["name"] for id, entry in read_file(folder / "measures.yaml")["measures"].items() if "name" in entry}


@lru_cache(maxsize=8)
def load_observation(folder: Path = HERE / "classification") -> ObservationSettings:
    """The clocks of upgrade (Art. 14) and restructuring observation."""
    data = read_file(folder / "observation.yaml")
    upgrade, observation = data["upgrade"], data["observation"]
    return ObservationSettings(
        upgrade["periods"], upgrade["months"], observation["periods"], observation["months"], observation["late_days"]
    )


@lru_cache(maxsize=32)
def load_repayment(
    as_of: date | None = None, folder: Path = HERE / "conventions", layers: tuple[Layer, ...] = (), known_at: date | None = None
) -> RepaymentSettings:
    """Allocation orders (each with its dates) and the arrears settings in force at `as_of`. `layers`: a bank's or a draft's, laid over."""
    rules = []
    for entry in listed(folder / "allocation.yaml", "allocation", layers, known_at):
        refuse_unknown(entry.data, {"order", "across", "from_dpd"}, entry.place)
        origin, data = entry.origin, entry.data
        try:
            rules.append(
                AllocationRule(
                    entry.id, tuple(data["order"]), _one_of(data["across"], ("instalment", "component"), "across", entry), int(data["from_dpd"]),
                    origin.effective_from, origin.effective_to,
                )
            )  # fmt: skip
        except (KeyError, ValueError, TypeError) as error:
            raise RulebookError(f"allocation order: {error}", where=entry.place, fix="See the head of the file") from error
    entry = setting(folder / "repayment.yaml", "repayment", as_of, layers, known_at)
    keys = ("tolerance", "penalty_multiple", "penalty_day_count", "compound", "business_day_rule", "prepayment_rule")
    refuse_unknown(entry.data, keys, entry.place)
    multiple = entry.data["penalty_multiple"]
    return RepaymentSettings(
        tuple(rules), _number(entry.data["tolerance"], "tolerance", entry),
        None if multiple is None else _number(multiple, "penalty_multiple", entry),
        _one_of(entry.data["penalty_day_count"], get_args(DayCount), "penalty_day_count", entry),
        _one_of(entry.data["compound"], (True, False), "compound", entry),
        _one_of(entry.data.get("business_day_rule") or "none", get_args(BusinessDayRule), "business_day_rule", entry),
        _one_of(entry.data.get("prepayment_rule"), (None, *get_args(PrepaymentRule)), "prepayment_rule", entry),
    )  # fmt: skip


@lru_cache(maxsize=32)
def load_covenant_settings(
    as_of: date | None = None, folder: Path = HERE / "covenants", layers: tuple[Layer, ...] = (), known_at: date | None = None
) -> CovenantSettings:
    """Defaults of covenant testing in force at `as_of`. `layers`: a bank's or a draft's, laid over."""
    entry = setting(folder / "testing.yaml", "covenant_testing", as_of, layers, known_at)
    data = entry.data
    refuse_unknown(data, COVENANT_KEYS, entry.place)
    cure, projection = data["equity_cure"], data["projection"]
    refuse_unknown(cure, {"in_a_row", "per_life"}, f"{entry.place}, equity_cure")
    refuse_unknown(projection, {"least", "window", "horizon"}, f"{entry.place}, projection")
    needs = read_file(folder / "reporting.yaml")["needs"]
    papers = tuple(PaperNeed(need["kind"], need.get("assurance"), tuple(need["words"])) for need in needs)
    return CovenantSettings(
        _number(data["at_risk_below"], "at_risk_below", entry), _number(data["watch_below"], "watch_below", entry), data["due_days"],
        {id: tuple(texts) for id, texts in data["frequencies"].items()}, data["months"],
        projection["least"], projection["window"], projection["horizon"], cure["in_a_row"], cure["per_life"], load_calendar(), papers,
    )  # fmt: skip


@lru_cache(maxsize=8)
def load_scenarios(
    as_of: date | None = None, folder: Path = HERE / "conventions", layers: tuple[Layer, ...] = (), known_at: date | None = None
) -> tuple[Scenario, ...]:
    """Stress scenarios in force at `as_of`, in the order of the file, then the bank's own."""
    found = []
    for entry in in_force(listed(folder / "stress.yaml", "scenario", layers, known_at), as_of, None):
        refuse_unknown(entry.data, {"name", *SHOCKS, *SWITCHES}, entry.place)
        shocks: dict[str, Any] = {key: _number(value, key, entry) for key, value in entry.data.items() if key in SHOCKS}
        shocks |= {key: bool(entry.data.get(key)) for key in SWITCHES}
        found.append(Scenario(entry.id, **shocks))
    return tuple(found)


def repayment_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> RepaymentSettings:
    """The repayment settings that go with a rulebook on a business date."""
    return load_repayment(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)


def covenant_settings_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> CovenantSettings:
    """The settings of covenant testing that go with a rulebook on a business date."""
    return load_covenant_settings(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)


def scenarios_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> tuple[Scenario, ...]:
    """The stress scenarios that go with a rulebook on a business date."""
    return load_scenarios(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)


@lru_cache(maxsize=8)
def load_calendar(id: str = "CN", folder: Path = HERE / "conventions") -> BusinessCalendar:
    """The calendar called `id`. Raises RulebookError when there is none."""
    for data in read_file(folder / "calendars.yaml")["calendars"]:
        if data["id"] == id:
            years = data["years"]
            holidays = frozenset(day for year in years.values() for run in year["holidays"] for day in _days(run))
            workdays = frozenset(day for year in years.values() for day in year["workdays"])
            return BusinessCalendar(id, holidays, workdays, date(min(years), 1, 1), date(max(years), 12, 31))
    raise RulebookError(f"no calendar {id!r}", where="calendars.yaml", fix="Add it, or use one that is listed")


def _number(value: Any, key: str, entry: Entry) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise RulebookError(f"{key} is {value!r}", where=entry.place, fix="Write a plain decimal") from error


def _one_of(value: Any, known: Sequence[Any], key: str, entry: Entry) -> Any:
    if value not in known:
        raise RulebookError(f"{key} is {value!r}", where=entry.place, fix=f"One of {', '.join(str(one) for one in known)}")
    return value


def _days(run: date | str) -> Iterable[date]:
    if isinstance(run, date):
        return (run,)
    first, last = (date.fromisoformat(part) for part in run.split(".."))
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _categories(data: Mapping[str, Any], path: Path) -> tuple[Category, ...]:
    refuse_unknown(data, {"version", "source", "categories"}, path.name)
    listed = data["categories"]
    return tuple(Category(row["id"], rank, row["npl"], row["occ"], row["name"]) for rank, row in enumerate(listed))


def _rule(entry: Entry, measures: Mapping[str, Any]) -> Rule:
    data = entry.data
    refuse_unknown(data, RULE_KEYS, entry.place)
    effect = data.get("effect") or {}
    if effect.get("type") not in EFFECTS:
        raise RulebookError(f"effect is {effect!r}", where=entry.place, fix=f"Its type is one of {', '.join(sorted(EFFECTS))}")
    text = data.get("when", "")
    if not text and effect["type"] != "principle":
        raise RulebookError("has no condition", where=entry.place, fix="Write `when:`")
    condition = parse(text) if text else None
    rule = Rule(
        entry.id, (effect["type"], str(effect.get("value", ""))), text, condition,
        tuple(data.get("exempt_by") or ()), bool(data.get("must_be_recorded")), data["name"], data["explain"], entry.origin,
        names(condition) if condition is not None else (), tuple(data.get("tests") or ()),
    )  # fmt: skip
    unknown = [name for name in rule.asks if name not in measures]
    if unknown:
        raise RulebookError(f"asks for {', '.join(unknown)}", where=entry.place, fix="Add the measure to measures.yaml")
    if rule.condition is not None and not rule.tests:
        raise RulebookError("has no tests", where=entry.place, fix="A rule without passing tests is not loaded")
    return rule


def _check(rules: list[Rule], categories: set[str]) -> None:
    exemptions = [rule for rule in rules if rule.effect[0] == "exemption"]
    known = {rule.id for rule in exemptions}
    for rule in rules:
        where = f"{rule.origin.file}, {rule.key}"
        if rule.effect[0] == "classification_floor" and rule.effect[1] not in categories:
            raise RulebookError(f"floor {rule.effect[1]!r} is no category", where=where, fix=f"Use {', '.join(categories)}")
        lost = [id for id in rule.exempt_by if id not in known]
        if lost:
            raise RulebookError(f"is exempted by {', '.join(lost)}, which does not exist", where=where, fix="Correct the id")
        for number, test in enumerate(rule.tests, 1):
            refuse_unknown(test, {"in", "hit", "missing", "exempted_by", "as_of"}, f"{where}, test {number}")
            _run(rule, test, exemptions, f"{where}, test {number}")


def _run(rule: Rule, test: Mapping[str, Any], exemptions: Iterable[Rule], where: str) -> None:
    measures = {name: _known(value) for name, value in test["in"].items()}
    day = test.get("as_of", max(rule.origin.effective_from, date(2026, 1, 1)))
    result = judge(rule, measures, {held.id: held for held in exemptions if held.origin.in_force(day)}, day)
    got: dict[str, Any] = {"hit": {"hit": True, "clear": False, "unknown": "unknown"}[result.verdict]}
    if "exempted_by" in test:
        got["exempted_by"] = (result.exempted_by or "").partition("@")[0]
    if "missing" in test:
        got["missing"] = sorted(result.missing)
    wanted = {key: sorted(test[key]) if key == "missing" else test[key] for key in got}
    if got != wanted:
        raise RulebookError(f"gives {got} instead of {wanted}", where=where, fix="The rule or its test is wrong: not loaded")


def _known(value: Any) -> Known:
    return Known(value if isinstance(value, bool | date | Decimal) or value is None else Decimal(str(value)))
