"""One ingestion in a process of its own, for tests that kill it: `python -m tests.documents.ingest_once HOME FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from ingestion.pipeline import IngestOptions, ingest_paths
from tests.documents.conftest import now
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.home import Home

if __name__ == "__main__":
    opened = Store(Home.open(Path(sys.argv[1])))
    print("open", flush=True)
    ingest_paths(LOCAL, [Path(sys.argv[2])], opened, now, IngestOptions(workers=int(sys.argv[3])))
    opened.close()
