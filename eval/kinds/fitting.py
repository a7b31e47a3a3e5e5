"""Fits the examples into weights: `python -m eval.kinds.fitting` writes prompts/kinds_zh.json and kinds_en.json.

A softmax regression over rarity-weighted words, cues and the rules' own choice: it learns at once which words mean what and how far
each rule can be trusted. Whole numbers only are kept, small ones are dropped. Run it again when examples or frames have changed.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

import prompts
from assistant.analyst.glossary import tongue_of
from assistant.analyst.kinds import OF_CUES, OF_WORDS, grams
from eval.kinds.examples import LANGUAGES, Example, examples, fingerprint
from tools.rulebook.loader import load_rulebook

SCALE = 100
SMALLEST = 12
"""Weights below this many hundredths are dropped."""
LOOSENESS = 30.0


def fit(learned: Sequence[Example], language: str) -> dict[str, Any]:
    """The weights of a set of examples, ready to be written."""
    words = [sorted(grams(e.text, language)) for e in learned]
    often = Counter(gram for one in words for gram in one)
    rarity = {gram: round(SCALE * math.log(1 + len(learned) / n)) for gram, n in often.items()}
    names = [*sorted(often), *sorted({sign for e in learned for sign in e.seen})]
    place = {name: i for i, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, (example, found) in enumerate(zip(learned, words, strict=True)):
        length = math.sqrt(sum(rarity[g] ** 2 for g in found)) or 1.0
        told = [*((g, OF_WORDS * rarity[g] / length) for g in found), *((sign, OF_CUES) for sign in example.seen)]
        rows += [row] * len(told)
        columns += [place[name] for name, _ in told]
        values += [value for _, value in told]
    table = csr_matrix((values, (rows, columns)), (len(learned), len(names)))
    model = LogisticRegression(C=LOOSENESS, max_iter=150)
    model.fit(table, [e.kind for e in learned], sample_weight=[e.weight for e in learned])
    whole = np.rint(model.coef_ * SCALE).astype(int)
    weights = {}
    for name, column in place.items():
        kept = [(int(kind), int(whole[kind, column])) for kind in np.flatnonzero(abs(whole[:, column]) >= SMALLEST)]
        if kept:
            weights[name] = [number for pair in kept for number in pair]
    return {
        "kinds": [str(kind) for kind in model.classes_], "scale": SCALE, "bias": [int(b) for b in np.rint(model.intercept_ * SCALE)],
        "unknown": round(SCALE * math.log(1 + len(learned))), "rarity": {g: rarity[g] for g in sorted(rarity)}, "weights": weights,
    }  # fmt: skip


def main() -> None:
    lexicon = tongue_of(load_rulebook()).lexicon
    for language in LANGUAGES:
        model = {"fitted_on": fingerprint(language), **fit(examples(language, lexicon), language)}
        path = Path(prompts.__file__).parent / f"kinds_{language}.json"
        path.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        print(
            f"{path.name}: {len(model['kinds'])} kinds, {len(model['weights'])} weighted signs, {path.stat().st_size:,} bytes"
        )


if __name__ == "__main__":
    main()
