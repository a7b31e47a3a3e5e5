"""The vector index: Chroma over the passages of SQL, one collection per embedding model, rebuildable at any time.

Chroma is never asked by someone who sees nothing, and never without a filter on borrowers for someone who does not see
everything. A small permitted set is scanned exactly; only a large one goes through the approximate index, and when that
fails (a known fault of the embedded store) the exact scan answers.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, and_, case, func, or_, select, update

from tools.errors import StoreError
from tools.search.embedding import Embedder, Vectors
from tools.search.gists import Piece, units_of
from tools.store.schema import passages

EXACT_LIMIT = 3000
SCHEME = "gists-1"
"""Version of tools.search.gists: what a vector stands for."""
_BATCH = 512
_SQL_BATCH = 500
_CHROMA_BATCH = 4000
Progress = Callable[[int, int], None]


class VectorIndex:
    """Vectors by the seq of the passage they stand for (tools.search.gists). `folder` belongs to one process at a time."""

    def __init__(self, engine: Engine, folder: Path, embedder: Embedder) -> None:
        self._engine, self._folder, self.embedder = engine, folder, embedder
        self._opened: Any = None

    @property
    def key(self) -> str:
        """Names the model and what is embedded with it, so that a change of either embeds anew."""
        return f"{self.embedder.key}+{SCHEME}"

    @property
    def has_vectors(self) -> bool:
        """Whether anything was embedded with this model; asked of SQL, so Chroma is not loaded to find out."""
        with self._engine.connect() as connection:
            query = select(passages.c.seq).where(passages.c.embedded == self.key).limit(1)
            return connection.execute(query).first() is not None

    def pending(self) -> int:
        """How many passages still wait for their vector."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(passages).where(self._waiting())).scalar() or 0

    def index_pending(self, progress: Progress | None = None, stop: Callable[[], bool] | None = None) -> int:
        """Embed what waits, notes and contracts before filings; returns how many. `stop` is asked between batches."""
        total, done = self.pending(), 0
        for pieces in self._batches():
            if stop and stop():
                break
            units = list(units_of(pieces, han=self.embedder.han))
            named = list(dict.fromkeys(unit.text for unit in units if unit.text))  # the same words once
            vectors = dict(zip(named, self.embedder.documents(named), strict=True)) if named else {}
            worded = [unit for unit in units if unit.text]
            if worded:
                self._collection().upsert(
                    ids=[str(unit.first.seq) for unit in worded],
                    embeddings=np.stack([vectors[unit.text] for unit in worded]),
                    metadatas=[{"borrower": unit.first.borrower or "", "kind": unit.first.kind} for unit in worded],
                )
            seqs = [seq for unit in units for seq in unit.seqs]
            with self._engine.begin() as connection:
                for start in range(0, len(seqs), _SQL_BATCH):
                    part = passages.c.seq.in_(seqs[start : start + _SQL_BATCH])
                    connection.execute(update(passages).where(part).values(embedded=self.key))
            done += len(seqs)
            if progress:
                progress(done, total)
        return done

    def rebuild(self, progress: Progress | None = None) -> int:
        """Throw the vectors away and embed every passage again."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        with self._engine.begin() as connection:
            connection.execute(update(passages).values(embedded=None))
        return self.index_pending(progress)

    def search(
        self, query: str, permitted: Sequence[int], limit: int, borrowers: Sequence[str] | None
    ) -> list[tuple[int, float]]:
        """Nearest passages among `permitted` seqs as (seq, cosine). `borrowers` is the filter for the approximate index."""
        if not permitted:
            return []
        vector = self.embedder.query(query)
        if len(permitted) <= EXACT_LIMIT:
            return self._exact(vector, permitted, limit)
        from chromadb.errors import InternalError

        where: Any = {"borrower": {"$in": list(borrowers)}} if borrowers is not None else None
        try:
            found = self._collection().query(
                query_embeddings=vector, n_results=min(limit * 4, 400), where=where, include=["distances"]
            )
        except InternalError:
            return self._exact(vector, permitted, limit)
        allowed = set(permitted)
        pairs = [(int(i), 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]
        return [(seq, score) for seq, score in pairs if seq in allowed][:limit]

    def close(self) -> None:
        """Let go of the folder, so that it may be replaced."""
        if self._opened is not None:
            from chromadb.api.shared_system_client import SharedSystemClient

            self._opened = None
            SharedSystemClient.clear_system_cache()

    def _exact(self, vector: Vectors, permitted: Sequence[int], limit: int) -> list[tuple[int, float]]:
        collection = self._collection()
        seqs: list[int] = []
        rows: list[Vectors] = []
        for start in range(0, len(permitted), _CHROMA_BATCH):
            wanted = [str(seq) for seq in permitted[start : start + _CHROMA_BATCH]]
            got = collection.get(ids=wanted, include=["embeddings"])
            seqs += [int(i) for i in got["ids"]]
            if len(got["ids"]):
                rows.append(np.asarray(got["embeddings"], dtype=np.float32))
        if not rows:
            return []
        scores = np.concatenate(rows) @ vector[0]
        order = np.argsort(-scores, kind="stable")[:limit]
        return [(seqs[i], float(scores[i])) for i in order]

    def _collection(self) -> Any:
        if self._opened is None:
            import chromadb
            from chromadb.config import Settings

            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                client = chromadb.PersistentClient(str(self._folder), settings=Settings(anonymized_telemetry=False))
                name = f"passages-{self.embedder.key}-{SCHEME}"[:120].lower()
                self._opened = client.get_or_create_collection(
                    name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
            except Exception as problem:  # Chroma raises bare Rust panics and ValueErrors for a damaged folder
                raise StoreError(
                    f"the vector index cannot be opened ({type(problem).__name__})",
                    where=str(self._folder),
                    fix="Run: loanward index rebuild",
                ) from problem
        return self._opened

    def _waiting(self) -> Any:
        return or_(passages.c.embedded.is_(None), passages.c.embedded != self.key)

    def _batches(self) -> Iterator[list[Piece]]:
        """What waits, in pieces that never cut a page in two."""
        first = case((passages.c.kind.in_(("visit_note", "contract")), 0), else_=1)
        names = ("seq", "borrower", "kind", "sha256", "page", "heading", "text")
        columns = [passages.c[name] for name in names]
        while True:
            with self._engine.connect() as connection:
                query = select(*columns).where(and_(self._waiting())).order_by(first, passages.c.seq).limit(_BATCH)
                pieces = [Piece(*row) for row in connection.execute(query)]
            if not pieces:
                return
            last = (pieces[-1].sha256, pieces[-1].page)
            whole = [piece for piece in pieces if (piece.sha256, piece.page) != last]
            yield whole if len(pieces) == _BATCH and whole else pieces
