"""Files that could not be read: their bytes kept beside the database, with the reason, until somebody retries or drops them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tools.domain.callers import Caller
from tools.errors import BadRequest, UnreadableFile
from tools.store.database import Store
from tools.store.files import Shelf
from tools.store.quarantine import Quarantined


class QuarantineFolder:
    """The folder and the table together; an entry and its bytes appear and go in one transaction."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.shelf = Shelf(store.home.quarantine_dir)
        self.shelf.reclaim(self._wanted)

    def put(self, caller: Caller, file: str, data: bytes, error: UnreadableFile, at: datetime, sha256: str = "") -> Quarantined:
        """Records a file that could not be read. Empty `data` (a member that never unpacked, a file too large to copy) is
        recorded without bytes under `sha256`, or under the hash of its name."""
        digest = sha256 or hashlib.sha256(data or file.encode()).hexdigest()
        with self.store.transaction() as unit:
            if data:
                self.shelf.put(data)
                unit.at_end.append(lambda: self.shelf.settle(digest, self._wanted))
            return self.store.quarantine.add(caller, file, digest, error.reason, str(error), at)

    def bytes_of(self, entry: Quarantined) -> bytes | None:
        """The kept bytes, None when none were kept."""
        path = self.shelf.path(entry.sha256)
        return path.read_bytes() if path.is_file() else None

    def settle(self, caller: Caller, entry: Quarantined, state: str, at: datetime) -> None:
        """Closes an entry as `retried` or `dropped` and lets its bytes go when no other open entry needs them."""
        self.store.quarantine.settle(caller, entry.id, state, at)
        if not self._wanted(entry.sha256):
            self.shelf.path(entry.sha256).unlink(missing_ok=True)

    def drop(self, caller: Caller, id: str, at: datetime) -> Quarantined:
        """Forgets one file. Raises BadRequest when there is no such open entry."""
        entry = self.store.quarantine.get(caller, id)
        if entry is None or entry.state != "open":
            raise BadRequest(f"no open quarantine entry {id}", fix="See `loanward quarantine list`")
        self.settle(caller, entry, "dropped", at)
        return entry

    def settle_read(self, caller: Caller, sha256: str, at: datetime) -> None:
        """Closes what was open about bytes that have now been read."""
        for entry in self.store.quarantine.list(caller):
            if entry.sha256 == sha256:
                self.settle(caller, entry, "retried", at)

    def _wanted(self, sha256: str) -> bool:
        return self.store.quarantine.wants(sha256)
