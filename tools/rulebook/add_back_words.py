"""Which line of the chart an add-back of a contract names, by the words it uses; nothing when it is not exactly one."""

from __future__ import annotations

from functools import lru_cache

from tools.domain.definitions import Rulebook
from tools.rulebook.entries import HERE, read_file, refuse_unknown
from tools.rulebook.vocabulary import normalised


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    path = HERE / "covenants" / "add_backs.yaml"
    data = read_file(path)
    refuse_unknown(data, {"source", "version", "cut_at", "lead"}, path.name)
    return tuple(str(word) for word in data["cut_at"]), tuple(str(word) for word in data["lead"])


def named_item(rulebook: Rulebook, text: str) -> str | None:
    """The rulebook's id for what an add-back's words name; None when nobody's."""
    cut_at, lead = _words()
    said = text.casefold().strip()
    ends = [said.find(word) for word in cut_at if word in said]
    said = said[: min((end for end in ends if end > 0), default=len(said))].strip(" ,;:；：。.")
    found = _known(rulebook, said)
    while found is None:
        first = next((word for word in lead if said.startswith(word) and len(said) > len(word)), None)
        if first is None:
            return None
        said = said[len(first) :].strip()
        found = _known(rulebook, said)
    return found


def _known(rulebook: Rulebook, said: str) -> str | None:
    """By the words or their singular."""
    forms = (said, *(said[: -len(end)] for end in ("es", "s") if said.isascii() and said.endswith(end)))
    return next((id for form in forms if (id := rulebook.metric_index.get(normalised(form)))), None)
