"""Loads what collateral, guarantees and insurance are worth, and what must be set aside, in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.domain.definitions import Layer, Rulebook
from tools.domain.mitigants import CollateralType, MitigantRules
from tools.errors import RulebookError
from tools.rulebook.entries import HERE, refuse_unknown
from tools.rulebook.settings import parts

TYPE_KEYS = frozenset({"haircut", "words", "fresh_months", "ageing", "insured"})


@lru_cache(maxsize=8)
def load_mitigants(
    as_of: date | None = None, folder: Path = HERE / "mitigants", layers: tuple[Layer, ...] = (), known_at: date | None = None
) -> MitigantRules:
    """Everything in force at `as_of`. `layers`: a bank's or a draft's, laid over key by key. Raises RulebookError for wrong data."""
    path = folder / "mitigants.yaml"
    held = parts(path, "mitigants", as_of, layers, known_at)
    collateral, guarantors, shared, undrawn, provision, loss = (
        held[id].data for id in ("collateral", "guarantors", "shared", "undrawn", "provision", "expected_loss")
    )
    refuse_unknown(collateral, ("types", "other", "valuation", "uninsured", "lien", "fx"), path.name)
    refuse_unknown(guarantors, ("firm", "person", "in_circle", "troubled"), path.name)
    return MitigantRules(
        tuple(_type(id, data) for id, data in collateral["types"].items()), _type("other", collateral["other"]),
        _shares(collateral["valuation"]), _share(collateral["uninsured"]), _share(collateral["lien"]), _share(collateral["fx"]),
        _share(guarantors["firm"]), _share(guarantors["person"]), _share(guarantors["in_circle"]), _share(guarantors["troubled"]),
        frozenset(shared["kinds"]), int(shared["ends_within"]), _share(undrawn["share"]), _shares(provision["shares"]),
        _shares(loss["default_rate"]), _share(loss["least_loss"]),
    )  # fmt: skip


def mitigants_under(rulebook: Rulebook, day: date, known_at: date | None = None) -> MitigantRules:
    """The rules that go with a rulebook on a business date."""
    return load_mitigants(rulebook.as_of or day, layers=rulebook.layers, known_at=known_at)


def _type(id: str, data: Mapping[str, Any]) -> CollateralType:
    refuse_unknown(data, TYPE_KEYS, f"mitigants.yaml, {id}")
    return CollateralType(
        id,
        _share(data["haircut"]),
        tuple(data.get("words") or ()),
        int(data["fresh_months"]),
        _share(data["ageing"]),
        bool(data["insured"]),
    )


def _shares(data: Mapping[str, Any]) -> dict[str, Decimal]:
    return {str(key): _share(value) for key, value in data.items()}


def _share(value: Any) -> Decimal:
    share = Decimal(str(value))
    if not -1 <= share <= 1:
        raise RulebookError(f"{share} is no share", where="mitigants.yaml", fix="Write a share as 0.30 for 30 %")
    return share
