"""The bank's own entries, and a draft's, laid over the built-in ones: which sort each entry is, and which version holds on which day.

One file may hold ratios, parameters, signals, classification rules and settings of repayment, covenant testing and stress side by
side; what an entry says tells what it is. An own version holds for its own days alone: before and after them the built-in one goes
on, so that a threshold may change from a date without its past being lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from tools.domain.definitions import Layer, Origin
from tools.errors import RulebookError
from tools.rulebook.entries import Entry, in_force, read_entries, read_yaml

Sort = Literal[
    "signal",
    "loan_rule",
    "allocation",
    "repayment",
    "covenant_testing",
    "scenario",
    "capacity",
    "repricing",
    "scorecard",
    "mitigants",
    "definition",
]
"""`definition` covers ratios, building blocks, scores and parameters; those between are settings."""
SORTS: tuple[Sort, ...] = get_args(Sort)
SAYS: dict[Sort, frozenset[str]] = {
    "loan_rule": frozenset({"effect", "when", "exempt_by", "must_be_recorded"}),
    "scorecard": frozenset({"characteristics", "grades", "worst", "caps", "least_known", "compare", "worse_by", "reasons"}),
    "mitigants": frozenset(
        {
            "types",
            "other",
            "valuation",
            "uninsured",
            "lien",
            "fx",
            "firm",
            "person",
            "in_circle",
            "troubled",
            "kinds",
            "ends_within",
            "share",
            "shares",
            "default_rate",
            "least_loss",
        }
    ),
    "signal": frozenset({"levels", "subject", "stale_months", "reads_reasons", "material", "actions", "lead_months"}),
    "allocation": frozenset({"order", "across", "from_dpd"}),
    "repayment": frozenset(
        {"tolerance", "penalty_multiple", "penalty_day_count", "compound", "business_day_rule", "prepayment_rule"}
    ),
    "covenant_testing": frozenset(
        {"at_risk_below", "watch_below", "due_days", "frequencies", "months", "projection", "equity_cure"}
    ),
    "scenario": frozenset(
        {"revenue_fall", "ebitda_fall", "rate_rise", "dso_days", "fx_move", "lose_top_customer", "no_refinancing"}
    ),
    "capacity": frozenset({"growth_cap", "dscr", "leverage", "years", "capex_share", "renewed_types", "season"}),
    "repricing": frozenset({"every_months", "anchor", "lag_days", "indices"}),
}
"""Keys that only this sort has."""
Extra = Path | Sequence[Layer] | None
DAY = timedelta(days=1)


def files_of(place: Path) -> tuple[tuple[str, str], ...]:
    """(path relative to `place`, text) of a YAML file, or of every one in a folder, in order. Raises RulebookError."""
    if place.is_file():
        return ((place.name, _text(place)),)
    if not place.is_dir():
        raise RulebookError("there is no such rulebook file or folder", where=str(place), fix="Check the path")
    found = sorted(path for pattern in ("*.yaml", "*.yml") for path in place.rglob(pattern) if path.is_file())
    return tuple((path.relative_to(place).as_posix(), _text(path)) for path in found)


def layers_of(own: Extra = None, draft: Path | None = None) -> tuple[Layer, ...]:
    """The bank's own file or folder, then a draft's. A folder without any YAML is refused: a comparison with nothing would say that
    nothing changes."""
    layers = [] if own is None else [Layer(files_of(own))] if isinstance(own, Path) else list(own)
    if draft is not None:
        layers.append(Layer(files_of(draft), draft=True))
    for layer, place in zip(layers, (own, draft)[-len(layers) :] if layers else (), strict=False):
        if not layer.files:
            raise RulebookError("holds no YAML file", where=str(place), fix="Put the entries into a .yaml file there")
    return tuple(layers)


@lru_cache(maxsize=32)
def entries_of(layer: Layer) -> tuple[tuple[Sort, Entry], ...]:
    """Every entry of a layer with its sort. Raises RulebookError for what cannot be read, and for versions that clash."""
    found = [(sort_of(entry), entry) for name, text in layer.files for entry in read_entries(read_yaml(text, name), name)]
    in_force((entry for _, entry in found), None, None)
    return tuple(found)


def sort_of(entry: Entry) -> Sort:
    """What an entry is, by what it says. Raises RulebookError when it says nothing that tells."""
    for sort, keys in SAYS.items():
        if keys & entry.data.keys() and "definition" not in entry.data:
            return sort
    if {"definition", "kind", "value", "by_currency"} & entry.data.keys():
        return "definition"
    raise RulebookError(
        "is neither a ratio or parameter, nor a signal, nor a loan rule, nor a setting", where=entry.place,
        fix="A ratio has `definition`, a parameter `value`, a signal `levels`, a loan rule `when` and `effect`; settings as in conventions/",
    )  # fmt: skip


def layered(built_in: Iterable[Entry], layers: Sequence[Layer], sort: Sort, known_at: date | None) -> list[Entry]:
    """Every version of every entry of one sort: of a layer what was recorded by `known_at` (all of a draft), winning over what lies
    below on its own days. Raises RulebookError for two versions with one number that are both still in use."""
    held = list(built_in)
    for layer in layers:
        mine = [
            entry
            for kind, entry in entries_of(layer)
            if kind == sort and (layer.draft or known_at is None or entry.origin.recorded_from <= known_at)
        ]
        for entry in mine:
            held = [part for below in held for part in _cut(below, entry)]
        _refuse_clash(held, mine)
        held += mine
    return held


def _cut(below: Entry, above: Entry) -> list[Entry]:
    """The days of `below` that `above` leaves it."""
    if below.id != above.id:
        return [below]
    under, over = below.origin, above.origin
    parts: list[Origin] = []
    if under.effective_from < over.effective_from:
        last = over.effective_from - DAY
        parts.append(replace(under, effective_to=last if under.effective_to is None else min(last, under.effective_to)))
    if over.effective_to is not None and (under.effective_to is None or under.effective_to > over.effective_to):
        parts.append(replace(under, effective_from=max(under.effective_from, over.effective_to + DAY)))
    return [replace(below, origin=origin) for origin in parts]


def _refuse_clash(held: Iterable[Entry], mine: Iterable[Entry]) -> None:
    numbers = {(entry.id, entry.origin.version) for entry in held}
    for entry in mine:
        if (entry.id, entry.origin.version) in numbers:
            raise RulebookError(
                f"has the number of a version that is in force on other days ({entry.origin.version})", where=entry.place,
                fix="Raise the version, so that what was judged under the older one can be told apart",
            )  # fmt: skip


def pinned(origin: Origin) -> Origin:
    """The same without dates: a rule that was picked for one day and is applied whatever the day of the case."""
    return replace(origin, effective_from=date.min, effective_to=None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"cannot be read: {error}", where=str(path), fix="Save it as UTF-8") from error
