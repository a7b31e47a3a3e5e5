"""Archives are opened within limits, and nothing inside can reach outside."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.archives import ArchiveLimits, Member, opened
from tests.documents import papers

NOTE = b"a note about a borrower"


def members(name: str, data: bytes, **limits: int) -> list[Member]:
    return list(opened(name, data, ArchiveLimits(**limits)))


def reasons(found: list[Member]) -> list[str]:
    return [member.error.reason for member in found if member.error is not None]


def test_nested_archives_of_every_kind_open_to_their_files() -> None:
    inner = papers.tarred({"deep/c.txt": NOTE})
    data = papers.zipped(
        {
            "a.txt": NOTE,
            "b.txt.gz": gzip.compress(NOTE + b"2"),
            "more.tar.gz": inner,
            "plain.tar": papers.tarred({"d.txt": NOTE}, "w"),
        }
    )
    found = members("pack.zip", data)
    assert {member.name for member in found} == {
        "pack.zip/a.txt", "pack.zip/b.txt.gz/b.txt", "pack.zip/more.tar.gz/deep/c.txt", "pack.zip/plain.tar/d.txt",
    }  # fmt: skip
    assert not reasons(found)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "cp437"])
def test_names_whose_encoding_nobody_states_are_read(encoding: str) -> None:
    name = "Müller/Übersicht.txt" if encoding == "cp437" else "江州明远/补充说明.txt"

    class Unstated(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return name.encode(encoding), 0

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr(Unstated("x.txt"), NOTE)
    assert [member.name for member in members("pack.zip", held.getvalue())] == [f"pack.zip/{name}"]


def test_attachments_are_files_of_their_own() -> None:
    found = members(
        "mail.eml", papers.mail("Papers", "see attached", {"note.txt": NOTE, "pack.zip": papers.zipped({"x.txt": NOTE})})
    )
    assert [member.name for member in found] == ["mail.eml", "mail.eml/note.txt", "mail.eml/pack.zip/x.txt"]


def test_paths_that_climb_out_become_plain_labels(tmp_path: Path) -> None:
    found = members("p.zip", papers.zipped({"../../etc/passwd.txt": NOTE, "/root/x.txt": NOTE, "C:\\win\\y.txt": NOTE}))
    assert [member.name for member in found] == ["p.zip/etc/passwd.txt", "p.zip/root/x.txt", "p.zip/C:/win/y.txt"]
    assert list(tmp_path.iterdir()) == []


def test_links_and_hidden_files_are_passed_over() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as package:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        package.addfile(link)
        entry = tarfile.TarInfo("real.txt")
        entry.size = len(NOTE)
        package.addfile(entry, io.BytesIO(NOTE))
    assert [member.name for member in members("t.tar", out.getvalue())] == ["t.tar/real.txt"]
    assert members("z.zip", papers.zipped({"__MACOSX/._a": "x", ".DS_Store": "x", "a.txt": NOTE}))[0].name == "z.zip/a.txt"


def test_too_many_bytes_stop_the_archive() -> None:
    data = papers.zipped({f"{n}.txt": b"x" * 50_000 for n in range(10)})
    assert reasons(members("z.zip", data, total_bytes=200_000)) == ["archive_limit"]


def test_a_size_that_lies_is_found_while_unpacking() -> None:
    data = bytearray(papers.zipped({"a.txt": b"x" * 400_000}))
    at = data.rfind(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    found = members("z.zip", bytes(data), total_bytes=100_000)
    assert reasons(found) and not [member for member in found if member.error is None]


@pytest.mark.parametrize(
    "data",
    [
        papers.zipped({"zeros.txt": b"\x00" * 3_000_000}),
        gzip.compress(b"\x00" * 3_000_000),
        papers.tarred({"zeros.bin": b"\x00" * 3_000_000}),
    ],
    ids=["zip", "gzip", "tar.gz"],
)
def test_a_bomb_is_stopped_by_its_ratio(data: bytes) -> None:
    assert reasons(members("bomb.zip", data, ratio=100, ratio_from=100_000)) == ["archive_limit"]


def test_too_many_members_and_too_deep() -> None:
    assert reasons(members("z.zip", papers.zipped({f"{n}.txt": NOTE for n in range(30)}), members=10)) == ["archive_limit"]
    data = papers.zipped({"a.txt": NOTE})
    for level in range(6):
        data = papers.zipped({f"{level}.zip": data})
    found = members("z.zip", data)
    assert reasons(found) == ["archive_limit"] and found[0].error is not None and "deeper" in str(found[0].error)


def test_one_limit_holds_for_everything_nested() -> None:
    inner = papers.zipped({f"{n}.txt": NOTE for n in range(8)})
    data = papers.zipped({f"{n}.zip": inner for n in range(8)})
    found = members("z.zip", data, members=20)
    assert reasons(found) == ["archive_limit"]
    assert len(found) < 20


def test_locked_members_are_named_and_the_rest_is_read() -> None:
    data = bytearray(papers.zipped({"locked.txt": NOTE, "open.txt": NOTE}))
    first_local, first_central = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    data[first_local + 6] |= 1
    data[first_central + 8] |= 1
    found = members("z.zip", bytes(data))
    assert [(member.name, member.error.reason if member.error else None) for member in found] == [
        ("z.zip/locked.txt", "encrypted"), ("z.zip/open.txt", None),
    ]  # fmt: skip


def test_empty_and_broken_archives_say_so() -> None:
    assert reasons(members("z.zip", papers.zipped({}))) == ["empty"]
    assert reasons(members("z.zip", papers.zipped({"a.txt": NOTE * 500})[:90])) == ["truncated"]
    assert reasons(members("t.tar.gz", papers.tarred({"a.txt": NOTE * 5000})[:80])) == ["truncated"]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damaged_archives_never_raise(data: st.DataObject) -> None:
    make = data.draw(
        st.sampled_from([papers.zipped({"a.txt": NOTE, "b/c.txt": NOTE * 40}), papers.tarred({"a.txt": NOTE * 40})])
    )
    raw = bytearray(make)
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(raw)))
    for member in members("x.zip", bytes(raw[:cut]), total_bytes=1_000_000):
        assert member.error is not None or isinstance(member.data, bytes)


def test_a_zip_with_a_word_file_inside_is_not_taken_apart() -> None:
    data = papers.docx(["hello"])
    assert zipfile.is_zipfile(io.BytesIO(data))
    assert [member.name for member in members("a.docx", data)] == ["a.docx"]
