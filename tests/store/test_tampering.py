"""Whoever edits the files of a home behind the program's back is found, and the record that proves it is named."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.bank import CUSTOMERS, NOW, STAFF, ingest
from tools.domain.callers import LOCAL
from tools.store.chain import chain_hash, record_id
from tools.store.columns import canonical_json
from tools.store.database import Store
from tools.store.digests import row_hash
from tools.store.home import Home
from tools.store.schema import facts, snapshot_files, snapshots
from tools.store.trail import Act, as_record

SHARD = b"PAR1 rows of the loan book PAR1"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with every kind of record in it."""
    root = tmp_path_factory.mktemp("bank") / "home"
    store = Store(Home.open(root))
    store.borrowers.provisional(LOCAL, "Unknown to any book Ltd", NOW)
    early = store.borrowers.provisional(LOCAL, "Northwind Traders Ltd", NOW)
    ingest(store, LOCAL, early.id, b"early", ("80", "70"), received=NOW - timedelta(days=90))
    store.borrowers.upsert_from_book(LOCAL, CUSTOMERS, "S0001", known_from=NOW, recorded_at=NOW, staff=STAFF)
    store.access.grant(LOCAL, "A1", "C2", NOW, reason="case 17")
    for row in CUSTOMERS[:3]:
        ingest(store, LOCAL, str(row["id"]), f"statement of {row['id']}".encode(), ("100", "90", "80"))
        store.trail.append(LOCAL, Act.ANSWER, "thread", {"text": f"about {row['name']}"}, NOW, str(row["id"]))
    fact = store.facts.of_document(LOCAL, hashlib.sha256(b"statement of C1").hexdigest())[0]
    store.corrections.value(LOCAL, fact.id, Decimal(101), "misread", NOW + timedelta(days=1))
    sha256 = hashlib.sha256(SHARD).hexdigest()
    home = store.home
    home.shard_path(sha256).parent.mkdir(parents=True)
    home.shard_path(sha256).write_bytes(SHARD)
    with store.transaction() as unit:
        given = {"id": "S0001", "position": 1, "book_date": NOW.date(), "known_from": NOW, "recorded_at": NOW, "content_sha256": sha256,
                 "shard_count": 4, "rows": {"loans": 2}, "report": {}}  # fmt: skip
        unit.connection.execute(snapshots.insert(), {c.name: given[c.name] for c in snapshots.c})
        part = {
            "snapshot_id": "S0001",
            "table_name": "loans",
            "shard": 0,
            "part": 0,
            "sha256": sha256,
            "rows": 2,
            "bytes": len(SHARD),
        }
        unit.connection.execute(snapshot_files.insert(), {c.name: part[c.name] for c in snapshot_files.c})
        unit.touch("snapshot", "S0001", LOCAL, NOW)
        store.trail.append(LOCAL, Act.IMPORT, "S0001", {"rows": 2}, NOW)
    store.trail.shred(LOCAL, "C3", NOW, "erasure")
    store.trail.append(LOCAL, Act.ASK, "thread", {"question": "?"}, NOW)
    assert store.trail.verify(LOCAL).ok
    store.close()
    assert not (root / "loanward.db-wal").exists()
    return root


class Burglar:
    """A copy of the home, its database open without the program, the triggers that guard it taken off."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.db = sqlite3.connect(root / "loanward.db", isolation_level=None)
        self.guards = self.db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        self.db.execute("PRAGMA synchronous = OFF")
        for name, _ in self.guards:
            self.db.execute(f"DROP TRIGGER {name}")
        self.records = self.one("SELECT count(*) FROM trail")

    def one(self, sql: str, *values: object) -> int:
        return int(self.db.execute(sql, values).fetchone()[0])

    def some(self, table: str, where: str = "1") -> sqlite3.Row:
        self.db.row_factory = sqlite3.Row
        return self.chance.choice(self.db.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY 1, 2").fetchall())  # type: ignore[no-any-return]

    def vouched(self, batch: str) -> int:
        """The position of the newest record that holds the digest of `batch`."""
        return self.one("SELECT max(position) FROM trail WHERE digests LIKE '%\"batch\":\"' || ? || '\"%'", batch)

    def put_guards_back(self) -> None:
        for _, sql in self.guards:
            self.db.execute(sql)
        self.db.close()


def flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


# Each changes one thing and returns the position that must be named.


def edit_record(b: Burglar) -> int:
    position = b.chance.randint(1, b.records)
    column = b.chance.choice(
        ["id", "at", "user", "role", "act", "object", "borrower", "digests", "payload_sha256", "key_id", "previous", "hash"]
    )
    new = {"at": "2020-01-01T00:00:00.000000Z", "digests": '[{"batch":"x","kind":"shred"}]', "key_id": "K-0000"}.get(
        column, "changed"
    )
    b.db.execute(f'UPDATE trail SET "{column}" = ? WHERE position = ?', (new, position))
    return position


def edit_payload(b: Burglar) -> int:
    row = b.some("trail")
    stored = flip(row["payload"], b.chance)
    b.db.execute("UPDATE trail SET payload = ? WHERE position = ?", (stored, row["position"]))
    if b.chance.random() < 0.5:
        b.db.execute(
            "UPDATE trail SET payload_sha256 = ? WHERE position = ?", (hashlib.sha256(stored).hexdigest(), row["position"])
        )
    return int(row["position"])


def delete_record(b: Burglar) -> int:
    position = b.chance.randint(1, b.records - 1)
    b.db.execute("DELETE FROM trail WHERE position = ?", (position,))
    if b.chance.random() < 0.5:
        for later in range(position + 1, b.records + 1):
            b.db.execute("UPDATE trail SET position = ? WHERE position = ?", (later - 1, later))
    return position


def cut_the_tail(b: Burglar) -> int:
    kept = b.chance.randint(0, b.records - 1)
    b.db.execute("DELETE FROM trail WHERE position > ?", (kept,))
    return kept + 1


def insert_record(b: Burglar) -> int:
    row = dict(b.some("trail"))
    position = b.chance.randint(1, b.records)
    for later in range(b.records, position - 1, -1):
        b.db.execute("UPDATE trail SET position = ? WHERE position = ?", (later + 1, later))
    row |= {"position": position, "id": "T-inserted", "object": "forged"}
    b.db.execute(f"INSERT INTO trail VALUES ({','.join('?' * len(row))})", tuple(row.values()))
    return position


def swap_records(b: Burglar) -> int:
    first, second = sorted(b.chance.sample(range(1, b.records + 1), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        b.db.execute("UPDATE trail SET position = ? WHERE position = ?", (new, old))
    return first


def rewrite_the_chain(b: Burglar) -> int:
    """Edits one record and recomputes every hash after it, as somebody would who has the program's source."""
    position = b.chance.randint(1, b.records)
    b.db.execute("UPDATE trail SET object = 'forged' WHERE position = ?", (position,))
    b.db.close()
    home = Home.open(b.root)
    from sqlalchemy import select, update

    from tools.store.schema import trail

    with home.engine.begin() as connection:
        previous = "0" * 64
        for row in connection.execute(select(trail).order_by(trail.c.position)).all():
            r = as_record(row)
            own = chain_hash(r.position, r.at, r.user, r.role, r.act, r.object, r.borrower, list(r.digests), r.payload_sha256, r.key_id,
                             previous)  # fmt: skip
            new = {"previous": previous, "hash": own, "id": record_id(own)}
            connection.execute(update(trail).where(trail.c.position == r.position).values(**new))
            previous = own
    home.close()
    b.db = sqlite3.connect(b.root / "loanward.db", isolation_level=None)
    return position


def change_a_document(b: Burglar) -> int:
    sha256 = b.some("documents")["sha256"]
    path = b.root / "documents" / sha256[:2] / sha256
    match b.chance.randrange(4):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(path.read_bytes() + b" ")
        case _:
            path.write_bytes(flip(path.read_bytes(), b.chance))
    return b.vouched(sha256)


def edit_document_row(b: Burglar) -> int:
    sha256 = b.some("documents")["sha256"]
    new = {"name": "other.pdf", "kind": "contract", "received_at": "2020-01-01T00:00:00.000000Z", "period_end": "2019-12-31",
           "borrower": "C6", "status": "rejected", "report": '{"checks":[]}', "added_by": "O9"}  # fmt: skip
    column = b.chance.choice(sorted(new))
    b.db.execute(f"UPDATE documents SET {column} = ? WHERE sha256 = ?", (new[column], sha256))
    return b.vouched(sha256)


def edit_fact(b: Burglar) -> int:
    row = b.some("facts")
    new = {"value": "999", "item": "total_equity", "period_end": "2021-12-31", "period_months": 12, "scope": "parent", "page": 7,
           "box": "[1.0,2.0,3.0,4.0]", "raw": "999", "label": "x", "currency": "USD", "confidence": "0.5", "assurance": "unaudited",
           "recorded_at": "2020-01-01T00:00:00.000000Z", "document_period_end": "2029-12-31", "borrower": "C6", "locator": "A1",
           "flags": '["audited"]', "scale": "1000", "statement": "notes"}  # fmt: skip
    column = b.chance.choice(sorted(new))
    b.db.execute(f"UPDATE facts SET {column} = ? WHERE id = ?", (new[column], row["id"]))
    return b.vouched(row["batch"])


def edit_fact_and_its_hash(b: Burglar) -> int:
    """Changes a value and its own hash: only the digest in the trail still knows."""
    row = b.some("facts")
    b.db.execute("UPDATE facts SET value = '4711' WHERE id = ?", (row["id"],))
    b.db.close()
    home = Home.open(b.root)
    with home.engine.connect() as connection:
        changed = connection.execute(facts.select().where(facts.c.id == row["id"])).mappings().one()
        own = row_hash(facts, changed)
    home.close()
    b.db = sqlite3.connect(b.root / "loanward.db", isolation_level=None)
    b.db.execute("UPDATE facts SET content_sha256 = ? WHERE id = ?", (own, row["id"]))
    return b.vouched(row["batch"])


def delete_fact(b: Burglar) -> int:
    row = b.some("facts")
    b.db.execute("DELETE FROM fact_spans WHERE fact_id = ?", (row["id"],))
    b.db.execute("DELETE FROM facts WHERE id = ?", (row["id"],))
    return b.vouched(row["batch"])


def insert_fact(b: Burglar) -> int:
    row = dict(b.some("facts"))
    row |= {"id": "F-forged", "item": "revenue"}
    b.db.execute(f"INSERT INTO facts VALUES ({','.join('?' * len(row))})", tuple(row.values()))
    return b.vouched(row["batch"])


def insert_fact_of_no_record(b: Burglar) -> int:
    row = dict(b.some("facts"))
    row |= {"id": "F-forged", "batch": "nothing"}
    b.db.execute(f"INSERT INTO facts VALUES ({','.join('?' * len(row))})", tuple(row.values()))
    return 0  # any position: no record vouches for it


def change_force(b: Burglar) -> int:
    row = b.some("facts JOIN fact_spans ON fact_id = id")
    match b.chance.randrange(3):
        case 0:
            b.db.execute("DELETE FROM fact_spans WHERE fact_id = ?", (row["id"],))
        case 1:
            b.db.execute("UPDATE fact_spans SET active_from = '2020-01-01T00:00:00.000000Z' WHERE fact_id = ?", (row["id"],))
        case _:
            b.db.execute("UPDATE fact_spans SET active_to = '2040-01-01T00:00:00.000000Z' WHERE fact_id = ?", (row["id"],))
    return 0  # the facts that share the slot may come from another record


def edit_passage(b: Burglar) -> int:
    row = b.some("passages")
    new = {"text": "all is well", "page": 9, "boxes": "[]", "heading": "x", "kind": "contract", "borrower": "C6", "date": "2020-01-01",
           "ordinal": 77, "recorded_at": "2020-01-01T00:00:00.000000Z"}  # fmt: skip
    column = b.chance.choice(sorted(new))
    b.db.execute(f"UPDATE passages SET {column} = ? WHERE id = ?", (new[column], row["id"]))
    return b.vouched(row["sha256"])


def delete_passages(b: Burglar) -> int:
    row = b.some("passages")
    column = b.chance.choice(["id", "sha256"])
    b.db.execute(f"DELETE FROM passages WHERE {column} = ?", (row[column],))
    return b.vouched(row["sha256"])


def insert_passage(b: Burglar) -> int:
    row = dict(b.some("passages"))
    row |= {"id": "G-forged", "seq": 10_000, "text": "the guarantee was released"}
    b.db.execute(f"INSERT INTO passages VALUES ({','.join('?' * len(row))})", tuple(row.values()))
    return b.vouched(row["sha256"])


def edit_correction(b: Burglar) -> int:
    row = b.some("corrections")
    column = b.chance.choice(["reason", "by", "old", "new", "reversed_at", "at"])
    value = "2026-03-05T00:00:00.000000Z" if column in ("reversed_at", "at") else "other"
    b.db.execute(f'UPDATE corrections SET "{column}" = ? WHERE id = ?', (value, row["id"]))
    return b.vouched(row["id"])


def change_the_loan_book(b: Burglar) -> int:
    path = next(p for p in (b.root / "shards").rglob("*") if p.is_file())
    match b.chance.randrange(5):
        case 0:
            path.unlink()
        case 1:
            b.db.execute("UPDATE snapshot_files SET rows = 3")
        case 2:
            b.db.execute("UPDATE snapshots SET book_date = '2020-01-01'")
        case 3:
            b.db.execute("DELETE FROM snapshot_files")
        case _:
            path.write_bytes(flip(SHARD, b.chance))
    return b.vouched("S0001")


def change_who_may_see(b: Burglar) -> int:
    match b.chance.randrange(4):
        case 0:
            b.db.execute("UPDATE borrowers SET officer_id = 'O3' WHERE id = 'C1'")
            return b.vouched("borrowers")
        case 1:
            b.db.execute("UPDATE staff SET role = 'auditor' WHERE id = 'O3'")
            return b.vouched("staff")
        case 2:
            b.db.execute("UPDATE borrowers SET created_by = 'O3' WHERE provisional")
            return b.one(
                "SELECT position FROM trail WHERE digests LIKE '%\"kind\":\"borrower\"%' AND digests LIKE '%' || (SELECT id FROM borrowers WHERE provisional) || '%'"
            )
        case _:
            b.db.execute("UPDATE grants SET user = 'O3'")
            return b.one("SELECT position FROM trail WHERE act = 'grant'")


def write_nonsense(b: Burglar) -> int:
    """What the program never writes, so that decoding it fails."""
    match b.chance.randrange(4):
        case 0:
            position = b.chance.randint(1, b.records)
            b.db.execute("UPDATE trail SET at = 'yesterday' WHERE position = ?", (position,))
            return position
        case 1:
            position = b.chance.randint(1, b.records)
            b.db.execute("UPDATE trail SET digests = '{' WHERE position = ?", (position,))
            return position
        case 2:
            row = b.some("facts")
            b.db.execute("UPDATE facts SET value = 'plenty' WHERE id = ?", (row["id"],))
            return b.vouched(row["batch"])
        case _:
            row = b.some("documents")
            b.db.execute("UPDATE documents SET report = '{' WHERE sha256 = ?", (row["sha256"],))
            return b.vouched(row["sha256"])


def change_a_key(b: Burglar) -> int:
    row = b.some("trail_keys", "key IS NOT NULL")
    if b.chance.random() < 0.5:
        b.db.execute("UPDATE trail_keys SET key = ? WHERE id = ?", (flip(row["key"], b.chance), row["id"]))
    else:
        b.db.execute("DELETE FROM trail_keys WHERE id = ?", (row["id"],))
    return b.one("SELECT min(position) FROM trail WHERE key_id = ?", row["id"])


def change_the_anchors(b: Burglar) -> int:
    path = b.root / "trail.anchors"
    lines = path.read_text().splitlines(keepends=True)
    if b.chance.random() < 0.3:
        path.unlink()
        return b.records
    place = b.chance.randrange(len(lines))
    position = int(lines[place][:12])
    lines[place] = f"{position:012d} {'f' * 64}\n"
    path.write_text("".join(lines))
    return position


CRIMES: list[Callable[[Burglar], int]] = [
    edit_record, edit_record, edit_record, edit_payload, edit_payload, delete_record, delete_record, cut_the_tail, cut_the_tail, insert_record,
    insert_record, swap_records, swap_records, rewrite_the_chain, change_a_document, change_a_document, edit_document_row, edit_fact,
    edit_fact, edit_fact_and_its_hash, delete_fact, insert_fact, insert_fact_of_no_record, change_force, edit_passage, delete_passages,
    insert_passage, edit_correction, change_the_loan_book, change_who_may_see, write_nonsense, change_a_key, change_the_anchors,
]  # fmt: skip
ROUNDS = 10


@pytest.mark.parametrize("number", range(ROUNDS))
def test_every_tampering_is_found_and_named(bank: Path, tmp_path: Path, number: int) -> None:
    missed = []
    for index, crime in enumerate(CRIMES):
        root = tmp_path / f"{index}"
        shutil.copytree(bank, root)
        burglar = Burglar(root, seed=number * 1000 + index)
        expected = crime(burglar)
        burglar.put_guards_back()
        store = Store(Home.open(root))
        found = store.trail.verify(LOCAL)
        store.close()
        if found.ok or found.first_bad is None or (expected and found.first_bad.position != expected):
            missed.append(f"{crime.__name__} (seed {number * 1000 + index}): expected {expected}, got {found.first_bad}")
    assert ROUNDS * len(CRIMES) > 300 and not missed


def test_the_bank_itself_is_sound(bank: Path) -> None:
    store = Store(Home.open(bank))
    found = store.trail.verify(LOCAL)
    assert found.ok and found.unanchored == 0 and found.notes == () and found.records > 10
    store.close()


def test_missing_guards_are_said(bank: Path, tmp_path: Path) -> None:
    shutil.copytree(bank, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "loanward.db") as db:
        db.execute("DROP TRIGGER trail_keeps_rows")
    db.close()
    store = Store(Home.open(tmp_path / "copy"))
    found = store.trail.verify(LOCAL)
    assert found.ok and "trail_keeps_rows" in found.notes[0]
    store.close()


def test_canonical_json_has_one_text_per_value() -> None:
    assert canonical_json({"b": Decimal("1.50"), "a": {"y", "x"}, "t": NOW}) == (
        '{"a":["x","y"],"b":"1.50","t":"2026-03-02T09:00:00.000000Z"}'
    )
