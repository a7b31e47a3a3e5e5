"""Loads the rulebook: the files beside this module, and a bank's own in `extra`, as of a business date.

Nothing is loaded halfway: a typo, an unknown name, a circle, two versions in force on one day or a definition whose own tests
fail refuses the whole book with one message that says where. Results are kept by content, so asking again is cheap and a
changed file is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.domain.definitions import Definition, Layer, LineItem, Origin, Parameter, Rulebook
from tools.errors import RulebookError
from tools.rulebook import chart, checks, formulas, vocabulary
from tools.rulebook.compiled import Compiled
from tools.rulebook.entries import Entry, in_force, read_entries, read_yaml
from tools.rulebook.layers import Extra, entries_of, files_of, layered, layers_of

HOME = Path(__file__).parent
CHART = "line_items"
DEFINED_IN = ("ratios", "blocks", "scores")
SINGLE = ("parameters.yaml", "reasons.yaml", "sets.yaml", "identities.yaml")
STATEMENTS = "statements"

Files = tuple[tuple[str, str], ...]
"""(path relative to the rulebook, text) of every YAML file, in order."""


def load_rulebook(
    as_of: date | None = None, extra: Extra = None, known_at: date | None = None, draft: Path | None = None
) -> Rulebook:
    """The rulebook in force on the business date `as_of` (None: what has no end), of what was recorded by `known_at`.

    `extra`: a YAML file or a folder of dated entries, which win over those of the same id on the days they hold for; `draft`: the
    same, to be tried out. Signals and loan rules in them are kept for who loads those (`layers`). Raises RulebookError.
    """
    return _built(files_of(HOME), layers_of(extra, draft), as_of, known_at)


def _digest(files: Iterable[tuple[str, str]]) -> str:
    summed = sha256()
    for name, text in files:
        summed.update(f"{name}\n{len(text)}\n{text}\n".encode())
    return summed.hexdigest()


@lru_cache(maxsize=16)
def _built(own: Files, layers: tuple[Layer, ...], as_of: date | None, known_at: date | None) -> Rulebook:
    ours = tuple((name, text) for name, text in own if _ours(name))
    known = Compiled(ours)
    data = known.data if known.data is not None else {name: read_yaml(text, name) for name, text in ours}
    items = _chart(data)
    entries = _entries(data)
    in_force(entries, as_of, known_at)
    written = [entry for entry in entries if known_at is None or entry.origin.recorded_from <= known_at]
    held = layered(written, layers, "definition", known_at)
    chosen = {entry.id: entry for entry in in_force(held, as_of, None)}
    _refuse_clashes(chosen, items)
    definitions, parameters = _parted(chosen.values())
    balances = {id: item.stock for id, item in items.items()} | dict.fromkeys(parameters, True)
    definitions = checks.settled(definitions, balances)
    why, flags, methods = chart.reasons(data["reasons.yaml"], "reasons.yaml")
    rulebook = Rulebook(
        items=items,
        ratios={id: held for id, held in definitions.items() if held.kind == "ratio"},
        blocks={id: held for id, held in definitions.items() if held.kind == "block"},
        scores={id: held for id, held in definitions.items() if held.kind in ("score", "index")},
        parameters=parameters,
        derivations=chart.derivations(data[f"{STATEMENTS}/derivations.yaml"], items, f"{STATEMENTS}/derivations.yaml"),
        sections=chart.sections(data[f"{STATEMENTS}/sections.yaml"], items, f"{STATEMENTS}/sections.yaml"),
        identities=chart.identities(data["identities.yaml"], "identities.yaml") if "identities.yaml" in data else {},
        reasons=why,
        flags=flags,
        methods=methods,
        sets=chart.borrower_sets(data["sets.yaml"], "sets.yaml"),
        metric_index=vocabulary.index(vocabulary.phrases(definitions.values(), items), definitions),
        digest=_digest([*own, *(file for layer in layers for file in layer.files)]),
        as_of=as_of,
        versions=_versions([*entries, *_added_entries(layers)]),
        layers=layers,
    )
    _prove(rulebook, known, data, alone=not layers)
    return rulebook


def _prove(rulebook: Rulebook, known: Compiled, data: dict[str, dict[str, Any]], *, alone: bool) -> None:
    """Checks the whole book and runs its tests, unless just these rules passed before with nothing added."""
    rules = [held.rule for held in checks.definitions(rulebook)] + [held.rule for held in rulebook.parameters.values()]
    if alone and known.passed(rules):
        return
    checks.refuse_unusable(rulebook)
    checks.refuse_failing(rulebook)
    if alone:
        known.keep(data, checks.texts(rulebook), rules)


def _chart(data: Mapping[str, dict[str, Any]]) -> dict[str, LineItem]:
    items: dict[str, LineItem] = {}
    for name, held in data.items():
        if name.startswith(f"{CHART}/"):
            items |= _added(items, chart.line_items(held, name), name)
    return chart.spoken(data[f"{STATEMENTS}/synonyms.yaml"], items, f"{STATEMENTS}/synonyms.yaml")


def _ours(name: str) -> bool:
    return name in SINGLE or name.split("/")[0] in (CHART, STATEMENTS, *DEFINED_IN)


def _entries(data: Mapping[str, dict[str, Any]]) -> list[Entry]:
    found: list[Entry] = []
    for name, held in data.items():
        if name.split("/")[0] in DEFINED_IN or name == "parameters.yaml":
            found += read_entries(held, name)
    return found


def _added_entries(layers: Sequence[Layer]) -> list[Entry]:
    return [entry for layer in layers for sort, entry in entries_of(layer) if sort == "definition"]


def _parted(entries: Iterable[Entry]) -> tuple[dict[str, Definition], dict[str, Parameter]]:
    definitions: dict[str, Definition] = {}
    parameters: dict[str, Parameter] = {}
    for entry in entries:
        if "definition" in entry.data or "kind" in entry.data:
            definitions[entry.id] = formulas.definition(entry)
        else:
            parameters[entry.id] = formulas.parameter(entry)
    return definitions, parameters


def _added(held: Mapping[str, LineItem], new: dict[str, LineItem], file: str) -> dict[str, LineItem]:
    twice = sorted(set(held) & set(new))
    if twice:
        raise RulebookError(f"{', '.join(twice)} is in another statement too", where=file, fix="Keep each item in one file")
    return new


def _refuse_clashes(chosen: Mapping[str, Entry], items: Mapping[str, LineItem]) -> None:
    for id, entry in chosen.items():
        if id in items:
            raise RulebookError("has the id of a line item", where=entry.place, fix="Choose another id")


def _versions(entries: Iterable[Entry]) -> dict[str, tuple[Origin, ...]]:
    found: dict[str, tuple[Origin, ...]] = {}
    for entry in entries:
        found[entry.id] = (*found.get(entry.id, ()), entry.origin)
    return found
