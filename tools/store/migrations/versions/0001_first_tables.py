"""The first tables, and what keeps the append-only ones append-only."""

from alembic import op

from tools.store.dialects import guard_statements
from tools.store.digests import fixed_columns
from tools.store.schema import facts, metadata, passages

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates everything."""
    connection = op.get_bind()
    metadata.create_all(connection)
    guards = {"trail": [], "facts": fixed_columns(facts), "passages": [*fixed_columns(passages), "seq"]}
    for table, fixed in guards.items():
        for statement in guard_statements(connection.dialect.name, table, fixed):
            connection.exec_driver_sql(statement)
