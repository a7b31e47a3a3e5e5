"""Facts in force as Arrow columns, for whoever needs every borrower's at once: a million facts in seconds and no objects.

The same rows as `Facts.active`, under the same caller and clocks, with what a screening needs to know of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, or_, select

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.store.connection import Database
from tools.store.permissions import visible
from tools.store.schema import fact_spans, facts

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("borrower", "item", "period_end", "period_months", "scope", "value", "scale", "currency", "raw", "label", "flags")
"""All text but the months; `flags` a JSON list."""
_BATCH = 200_000


def fact_columns(database: Database, caller: Caller, clocks: Clocks) -> pa.Table:
    """COLUMNS of every fact in force at `clocks` that `caller` may see, in no particular order."""
    import pyarrow as pa

    kinds = [(name, pa.int64() if name == "period_months" else pa.string()) for name in COLUMNS]
    shared = {"borrower", "item", "period_end", "scope", "scale", "currency", "flags"}
    schema = pa.schema([(name, pa.dictionary(pa.int32(), kind) if name in shared else kind) for name, kind in kinds])
    if caller.sees_nothing:
        return schema.empty_table()
    chosen: list[Any] = [
        facts.c[name] if name == "period_months" else cast(facts.c[name], Text).label(name) for name in COLUMNS
    ]
    running = and_(
        fact_spans.c.fact_id == facts.c.id,
        fact_spans.c.active_from <= clocks.known_at,
        or_(fact_spans.c.active_to.is_(None), fact_spans.c.active_to > clocks.known_at),
    )
    query = select(*chosen).join(fact_spans, running)
    query = query.where(facts.c.period_end <= clocks.as_of, visible(caller, facts.c.borrower))
    batches: list[pa.RecordBatch] = []
    with database.reading() as connection:
        found = connection.execution_options(stream_results=True, yield_per=_BATCH).execute(query)
        for rows in found.partitions(_BATCH):
            columns = list(zip(*rows, strict=True))
            arrays = [pa.array(column, kind) for column, (_, kind) in zip(columns, kinds, strict=True)]
            encoded = [
                array.dictionary_encode() if name in shared else array for name, array in zip(COLUMNS, arrays, strict=True)
            ]
            batches.append(pa.RecordBatch.from_arrays(encoded, schema=schema))
    return pa.Table.from_batches(batches, schema).unify_dictionaries()
