"""Which pages a question is about, before any word is compared: those whose facts it names.

Every fact knows the page it was read from, so a question that names a line item, or a ratio computed from some, prefers the pages
where those lines stand: the consolidated statements first, the parent's and the notes after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select

from tools.search.intent import Intent
from tools.store.schema import facts

Place = tuple[str, int]
"""A document's hash and a page."""
NAMED, SPOKEN, PARENT, NOTES = 1.0, 0.15, 0.2, 0.5
ENOUGH = 6.0
"""Named lines beyond this make a page no likelier."""


class PagePriors:
    """Likely pages from the facts of documents."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, intent: Intent, documents: Sequence[str]) -> Mapping[Place, float]:
        """Page → how likely it answers, at most 1. Empty when the question names nothing that stands on statements."""
        if not intent.on_statements or not documents:
            return {}
        wanted = facts.c.item.in_(sorted(intent.items)) | facts.c.statement.in_(sorted(intent.statements))
        columns = (facts.c.sha256, facts.c.page, facts.c.item, facts.c.statement, facts.c.scope)
        query = select(*columns).where(facts.c.sha256.in_(list(documents)), facts.c.page.is_not(None), wanted).distinct()
        points: Counter[Place] = Counter()
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                weight = NAMED if row.item in intent.items else SPOKEN
                weight *= PARENT if row.scope == "parent" else NOTES if row.statement == "notes" else 1.0
                points[(row.sha256, row.page)] += weight  # type: ignore[assignment]
        most = min(max(points.values(), default=0.0), ENOUGH)
        return {place: min(value, ENOUGH) / most for place, value in points.items()} if most else {}
