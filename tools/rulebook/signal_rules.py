"""Loads what the rulebook says about early warning: signals, what they measure, their root causes, and the playbook.

A signal whose own tests fail is refused, as everywhere in the rulebook. All versions of a signal are kept; the one in force on
the business date is looked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast, get_args

from tools.domain.definitions import Layer, Names, Rulebook
from tools.domain.interpreter import PlainValues
from tools.domain.signal_kernels import KERNELS
from tools.domain.signals import EVERYBODY, SEVERITIES, Level, Severity, Signal, Subject, judge
from tools.domain.templates import Template, asked, parsed
from tools.domain.tree import names
from tools.errors import BadRequest, RulebookError
from tools.rulebook.acts import load_acts
from tools.rulebook.entries import HERE, Entry, in_force, read_entries, read_file, refuse_unknown
from tools.rulebook.formulas import condition, expression
from tools.rulebook.formulas import names as in_both
from tools.rulebook.layers import Extra, layered, layers_of, pinned

SETTINGS = frozenset({"measures.yaml", "families.yaml"})
KEYS = frozenset(
    {"name", "family", "subject", "value", "unit", "levels", "bases", "stale_months", "reads_reasons", "material", "explain", "actions", "lead_months",
     "tests"}
)  # fmt: skip
LEVEL_KEYS = frozenset({"severity", "when", "threshold", "clears", "set"})
TEST_KEYS = frozenset({"in", "verdict", "severity", "missing", "before", "material", "set"})
UNITS = frozenset(
    {"ratio", "x", "days", "months", "count", "currency", "score", "rank", "yesno", "text", "own", "percent_points"}
)
BASES = frozenset({"ltm", "ytd", "fy", "quarter", "annualised"})
EXTRA = frozenset({"threshold"})
"""Names an explanation may use beside measures: the limit of the level that fired."""


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """What a measured thing is: kernel and settings, unit, name, and what would cure its absence."""

    id: str
    kernel: str
    settings: Mapping[str, Any]
    unit: str
    name: Names
    needs: Names


@dataclass(frozen=True, slots=True)
class Family:
    """A root cause. `alert_from`: the mildest severity that raises an alert by itself."""

    id: str
    category: str
    alert_from: Severity
    name: Names


@dataclass(frozen=True, slots=True)
class WatchLevel:
    """L1 to L3: the least of red, orange and yellow alerts that puts a borrower there; `red_families` for the worst. He may leave it after
    `clean_months` for `exit_to` at the lowest (None: anything lower), and if `performing` only while no loan is non-performing."""

    id: str
    name: Names
    reds: int = 0
    oranges: int = 0
    yellows: int = 0
    red_families: tuple[str, ...] = ()
    clean_months: int = 0
    exit_to: str | None = None
    performing: bool = False


@dataclass(frozen=True, slots=True)
class WordList:
    """What a passage must say (`any`), what takes it back (`none`), and the kinds of document it may stand in."""

    id: str
    any: tuple[str, ...]
    none: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class SignalBook:
    """Everything about early warning recorded by one day. `signals`: every version."""

    signals: tuple[Signal, ...]
    measures: Mapping[str, MeasureRule]
    families: Mapping[str, Family]
    combined: Family
    yellow_families: int
    yellow_days: int
    orange_categories: int
    words: Mapping[str, WordList]
    levels: tuple[WatchLevel, ...]
    take_within: Mapping[str, int]
    level_rule: str = "WATCH@1"
    level_words: Mapping[str, Names] = field(default_factory=dict)
    templates: Mapping[str, Mapping[str, Template]] = field(default_factory=dict)

    def in_force(self, day: date) -> list[Signal]:
        """The signals looked for on a business date, in the order of the handbook."""
        return [signal for signal in self.signals if signal.origin.in_force(day)]

    def signal(self, id: str, day: date | None = None) -> Signal:
        """The version of a signal in force on `day`, else its newest; BadRequest when there is none."""
        versions = [signal for signal in self.signals if signal.id.lower() == id.lower()]
        if not versions:
            raise BadRequest(f"no signal {id!r}", fix="See `loanward signals`")
        running = [signal for signal in versions if day is not None and signal.origin.in_force(day)]
        return (running or versions)[-1]

    def template(self, signal: Signal, language: str) -> Template:
        """The explanation of a signal in a language."""
        return self.templates[signal.key][language]

    def family(self, id: str) -> Family:
        """A root cause by its id, the combined one included; one the rulebook no longer has keeps its id for a name."""
        if id == self.combined.id:
            return self.combined
        return self.families.get(id) or Family(id, id, "red", {"en": id, "zh": id})


def load_signals(known_at: date | None = None, extra: Extra = None, home: Path = HERE, as_of: date | None = None) -> SignalBook:
    """Every version of every signal recorded by `known_at`, the first version of each in any case. `extra`: a bank's own signals (a
    file, a folder or a rulebook's layers), which win over those of the same id on the days they hold for. `as_of`: only the versions
    in force that day, whatever the day they are judged for. Raises RulebookError."""
    return _loaded(known_at, layers_of(extra), home, as_of)


def signals_under(rulebook: Rulebook, known_at: date | None = None) -> SignalBook:
    """The signals that go with a rulebook: its layers, and its day if it was picked for one."""
    return load_signals(known_at, rulebook.layers, as_of=rulebook.as_of)


@lru_cache(maxsize=16)
def _loaded(known_at: date | None, layers: tuple[Layer, ...], home: Path, as_of: date | None) -> SignalBook:
    folder = home / "signals"
    measures_data, families_data = read_file(folder / "measures.yaml"), read_file(folder / "families.yaml")
    measures = {id: _measure(id, raw) for id, raw in measures_data["measures"].items()}
    families = {raw["id"]: _family(raw) for raw in families_data["families"]}
    actions = load_acts()
    levels = read_file(home / "playbook" / "levels.yaml")
    entries = [
        entry
        for path in sorted(folder.glob("*.yaml"))
        if path.name not in SETTINGS
        for entry in read_entries(read_file(path), f"signals/{path.name}")
    ]
    in_force(entries, None, None)
    first = {entry.id: min(e.origin.version for e in entries if e.id == entry.id) for entry in entries}
    written = [e for e in entries if known_at is None or e.origin.recorded_from <= known_at or e.origin.version == first[e.id]]
    known = [_signal(entry, measures, families, actions) for entry in layered(written, layers, "signal", known_at)]
    for signal in known:
        _prove(signal)
    if as_of is not None:
        known = [replace(signal, origin=pinned(signal.origin)) for signal in known if signal.origin.in_force(as_of)]
    combine = families_data["combine"]
    return SignalBook(
        signals=tuple(known),
        measures=measures,
        families=families,
        combined=_family(families_data["combined"]),
        yellow_families=combine["yellow_families"],
        yellow_days=combine["yellow_days"],
        orange_categories=combine["orange_categories"],
        words={
            id: WordList(id, tuple(raw["any"]), tuple(raw["none"]), tuple(raw["kinds"]))
            for id, raw in measures_data["words"].items()
        },
        levels=tuple(_level(raw) for raw in levels["levels"]),
        take_within=levels["take_within"],
        level_rule=f"WATCH@{levels['version']}",
        level_words=levels["words"],
        templates={signal.key: {language: parsed(text) for language, text in signal.explain.items()} for signal in known},
    )


def check_names(book: SignalBook, rulebook: Rulebook) -> None:
    """Raises RulebookError for a signal that names what neither the rulebook nor the measures know."""
    for signal in book.signals:
        nodes = [
            signal.value,
            *(level.condition for level in signal.levels),
            *(level.clears for level in signal.levels if level.clears),
        ]
        nodes += [signal.material] if signal.material else []
        strange = sorted({level.set for level in signal.levels} - set(rulebook.sets))
        if strange:
            raise RulebookError(
                f"has levels for {', '.join(strange)}, no set of sets.yaml", where=_place(signal), fix="Check the spelling"
            )
        asks = {name for node in nodes for name in names(node)}
        asks |= {name for template in book.templates[signal.key].values() for name in asked(template)}
        lost = sorted(n for n in asks if n not in book.measures and n not in EXTRA and n != "period" and not rulebook.knows(n))
        if lost:
            raise RulebookError(
                f"names {', '.join(lost)}, which nothing defines", where=_place(signal), fix="Check the spelling"
            )


def _signal(
    entry: Entry, measures: Mapping[str, MeasureRule], families: Mapping[str, Family], actions: Collection[str]
) -> Signal:
    data, where = entry.data, entry.place
    refuse_unknown(data, KEYS, where)
    lacking = sorted(KEYS - {"reads_reasons", "material", "lead_months"} - set(data))
    if lacking:
        raise RulebookError(f"lacks {', '.join(lacking)}", where=where, fix="A signal needs all of them")
    if data["family"] not in families:
        raise RulebookError(f"family is {data['family']!r}", where=where, fix=f"One of {', '.join(families)}")
    if data["subject"] not in get_args(Subject) or data["unit"] not in UNITS:
        raise RulebookError(
            "subject or unit is unknown", where=where, fix=f"Subjects: borrower, loan; units: {', '.join(sorted(UNITS))}"
        )
    lost = [id for id in data["actions"] if id not in actions]
    if lost or set(data["bases"]) - BASES:
        raise RulebookError(
            f"names {', '.join([*lost, *data['bases']])}", where=where, fix="Use actions of the playbook and known bases"
        )
    return Signal(
        id=entry.id, name=in_both(data["name"], where), category=entry.id.partition("-")[0], family=data["family"],
        subject=cast(Subject, data["subject"]), value_text=str(data["value"]), value=expression(data["value"], where), unit=data["unit"],
        levels=tuple(_level_of(raw, where) for raw in data["levels"]), bases=tuple(data["bases"]), stale_months=int(data["stale_months"]),
        explain=in_both(data["explain"], where), material=condition(data["material"], where) if data.get("material") else None,
        actions=tuple(data["actions"]), lead_months=data.get("lead_months"), origin=entry.origin,
        reads_reasons=bool(data.get("reads_reasons")), tests=tuple(data["tests"] or ()),
    )  # fmt: skip


def _level_of(raw: Mapping[str, Any], where: str) -> Level:
    refuse_unknown(raw, LEVEL_KEYS, where)
    if raw.get("severity") not in SEVERITIES:
        raise RulebookError(f"severity is {raw.get('severity')!r}", where=where, fix=f"One of {', '.join(SEVERITIES)}")
    threshold = Decimal(str(raw["threshold"])) if "threshold" in raw else None
    clears = condition(raw["clears"], where) if raw.get("clears") else None
    return Level(
        cast(Severity, raw["severity"]),
        str(raw["when"]),
        condition(raw["when"], where),
        threshold,
        clears,
        raw.get("set", EVERYBODY),
    )


def _prove(signal: Signal) -> None:
    """Runs the signal's own tests. Raises RulebookError naming file, id, test, expected and got."""
    if len({test.get("verdict") for test in signal.tests} & {"hit", "clear"}) < 2:
        raise RulebookError("needs a test that hits and one that is clear", where=_place(signal), fix="Add them to `tests`")
    for number, test in enumerate(signal.tests, 1):
        refuse_unknown(test, TEST_KEYS, f"{_place(signal)}, test {number}")
        found = judge(signal.for_set(test.get("set", EVERYBODY)), PlainValues(test["in"]), test.get("before"))
        got: dict[str, Any] = {"verdict": found.verdict}
        if "severity" in test:
            got["severity"] = found.level.severity
        if "material" in test:
            got["material"] = found.material
        if "missing" in test:
            got["missing"] = sorted(found.missing)
        wanted = {key: sorted(test[key]) if key == "missing" else test[key] for key in got}
        if got != wanted:
            raise RulebookError(
                f"test {number}: {got} instead of {wanted}",
                where=_place(signal),
                fix="The signal or its test is wrong: not loaded",
            )


def _measure(id: str, raw: Mapping[str, Any]) -> MeasureRule:
    kernel = str(raw.get("kernel"))
    if kernel not in KERNELS:
        raise RulebookError(f"kernel is {kernel!r}", where=f"measures.yaml, {id}", fix=f"One of {', '.join(sorted(KERNELS))}")
    if raw.get("unit") not in UNITS:
        raise RulebookError(
            f"unit is {raw.get('unit')!r}", where=f"measures.yaml, {id}", fix=f"One of {', '.join(sorted(UNITS))}"
        )
    settings = {key: value for key, value in raw.items() if key not in ("kernel", "name", "needs")}
    return MeasureRule(id, kernel, settings, raw["unit"], in_both(raw["name"], id), in_both(raw["needs"], id))


def _family(raw: Mapping[str, Any]) -> Family:
    return Family(raw["id"], raw["category"], cast(Severity, raw["alert_from"]), in_both(raw["name"], raw["id"]))


def _level(raw: Mapping[str, Any]) -> WatchLevel:
    counts = {key: raw.get(key, 0) for key in ("reds", "oranges", "yellows")}
    return WatchLevel(raw["id"], in_both(raw["name"], raw["id"]), red_families=tuple(raw.get("red_families", ())), **counts,
                      clean_months=int(raw["clean_months"]), exit_to=raw.get("exit_to"), performing=bool(raw.get("performing")))  # fmt: skip


def _place(signal: Signal) -> str:
    return f"{signal.origin.file}, {signal.key}"
