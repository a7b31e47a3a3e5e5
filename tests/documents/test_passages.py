"""Passages: whole sentences and rows, their headings and places, in every format."""

from __future__ import annotations

from pathlib import Path

from ingestion.blocks import Block
from ingestion.readers.html import html_reading
from ingestion.readers.pdf_prose import blocks_of_pages
from ingestion.readers.plain import markdown_reading, text_reading
from ingestion.reading import extract_bytes, extract_file
from ingestion.text_passages import MOST, cut_passages, sentences
from tests.documents import papers
from tools.domain.facts import Passage


def cut(blocks: list[Block], **options: bool) -> list[Passage]:
    return cut_passages(blocks, document="d", sha256="0" * 64, kind="other", **options)  # type: ignore[arg-type]


def test_no_sentence_is_split_and_none_is_lost() -> None:
    said = [f"Sentence number {n} says something about the borrower and its {n} machines." for n in range(60)]
    passages = cut([Block(" ".join(said), page=1)])
    joined = " ".join(passage.text for passage in passages)
    assert all(sentence in joined for sentence in said)
    assert all(any(sentence in passage.text for passage in passages) for sentence in said)
    assert all(len(passage.text) <= MOST for passage in passages)
    assert sum(len(passage.text) >= 400 for passage in passages) >= len(passages) - 1


def test_abbreviations_and_clause_numbers_do_not_end_a_sentence() -> None:
    assert sentences("Harbour Foods Inc. owes U.S. lenders. See Sec. 6.1 of it. 第一条。第二条。") == [
        "Harbour Foods Inc. owes U.S. lenders.", "See Sec. 6.1 of it.", "第一条。", "第二条。",
    ]  # fmt: skip


def test_rows_of_a_page_keep_heading_and_column_header() -> None:
    lines = ["CONSOLIDATED BALANCE SHEETS", "(in millions)", "December 31, 2019 2018"]
    lines += [f"Line item number {n} {n * 1000:,} {n * 900:,}" for n in range(1, 60)]
    passages = cut(blocks_of_pages(["\n".join(lines)]).blocks)
    assert len(passages) > 2
    for passage in passages:
        assert "December 31, 2019 2018" in passage.text
        assert "CONSOLIDATED BALANCE SHEETS" in passage.heading
        assert passage.source.page == 1


def test_a_label_on_its_own_line_stays_with_its_numbers() -> None:
    page = "单位：元\n项目 2023年12月31日 2022年12月31日\n货币资金 1,000.00 900.00\n以公允价值计量且其变动计入\n当期损益的金融资产\n500.00 400.00\n应收账款 300.00 200.00"
    text = "\n".join(passage.text for passage in cut(blocks_of_pages([page]).blocks))
    assert "以公允价值计量且其变动计入当期损益的金融资产 500.00 400.00" in text


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [f"Annual Report of Harbour Foods\nProse of page {n} that ends here.\n{n}" for n in range(1, 8)]
    text = "\n".join(passage.text for passage in cut(blocks_of_pages(pages).blocks))
    assert "Annual Report" not in text
    assert "Prose of page 5" in text


def test_a_sentence_over_the_page_edge_stays_whole_where_it_begins() -> None:
    passages = cut(
        blocks_of_pages(["The loan was paid out and the money was then", "moved to a third party. Nothing else."]).blocks
    )
    assert passages[0].text == "The loan was paid out and the money was then moved to a third party."
    assert passages[0].source.page == 1


def test_the_heading_is_carried_over_pages() -> None:
    passages = cut(blocks_of_pages(["PART II\nItem 7. Discussion\nFirst page of it.", "Second page of it."]).blocks)
    assert passages[-1].source.page == 2
    assert passages[-1].heading == "PART II > Item 7. Discussion"


def test_word_paragraphs_and_table_rows_have_locators() -> None:
    data = papers.docx(["Report", "", "The first paragraph."], [["Item", "2026"], ["Cash", "12"], ["Debt", "30"]], ["Report"])
    passages = extract_bytes(data, "report.docx", kind="other").passages
    assert [passage.source.locator for passage in passages] == ["#p1", "table 1 row 1"]
    assert passages[0].text == "Report\nThe first paragraph."
    assert passages[1].text.endswith("Item | 2026\nCash | 12\nDebt | 30")
    assert all(passage.source.page is None for passage in passages)


def test_markdown_table_rows_carry_their_header() -> None:
    rows = "\n".join(f"| line {n} | {n}00 |" for n in range(120))
    passages = cut(markdown_reading(f"# Numbers\n\n| item | value |\n|---|---|\n{rows}\n").blocks)
    assert len(passages) > 1
    assert all("item | value" in passage.text for passage in passages)


def test_wrapped_text_is_joined_and_short_lines_stay_apart() -> None:
    blocks = text_reading(
        "走访人：李某\n会见：周某\n\n"
        + "A line that was wrapped by an editor at about seventy characters of\nwidth goes on here."
    ).blocks
    assert [block.text for block in blocks][:2] == ["走访人：李某", "会见：周某"]
    assert blocks[2].text.endswith("characters of width goes on here.")


def test_struck_and_hidden_text_of_a_page_is_not_read() -> None:
    page = b"<html><body><p>Limit <strike>4.00</strike><u>3.50</u> to 1.</p><p style='display:none'>secret</p><script>x()</script></body></html>"
    reading = html_reading(page, "c.html")
    assert [block.text for block in reading.blocks] == ["Limit 3.50 to 1."]
    assert reading.blocks[0].locator == "#p1"


def test_an_old_filing_in_pre_is_closed_up_over_its_page_marks() -> None:
    page = "<html><body><pre>\n     The Borrower shall maintain Tangible Net Worth of not less than the\n     amount for\n<PAGE>\n<PAGE>60\n     such quarter.\n\n     Ending            Minimum\n     March 31, 1997    $40,500,000\n     June 30, 1997      45,000,000\n</pre></body></html>"
    blocks = html_reading(page.encode(), "c.html").blocks
    assert blocks[0].text.endswith("the amount for such quarter.")
    assert [block.cells for block in blocks if block.role == "row"] == [
        ("March 31, 1997", "$40,500,000"),
        ("June 30, 1997", "45,000,000"),
    ]


def test_mail_has_its_head_and_body_and_date() -> None:
    extraction = extract_bytes(
        papers.mail("Visit to Harbour Foods", "We saw two idle lines.\n\nRegards"), "m.eml", kind="other"
    )
    text = "\n".join(passage.text for passage in extraction.passages)
    assert "Subject: Visit to Harbour Foods" in text and "We saw two idle lines." in text
    assert extraction.document_date is not None and extraction.document_date.isoformat() == "2026-10-20"


def test_identifiers_are_the_same_at_every_reading() -> None:
    first, second = (extract_bytes(papers.NOTE_ZH.encode(), "n.md").passages for _ in range(2))
    assert first == second
    assert len({passage.id for passage in first}) == len(first)


def test_a_real_filing_is_cut_into_findable_pieces(filings: Path) -> None:
    extraction = extract_file(filings / "amazon_2019.pdf", kind="other")
    sizes = sorted(len(passage.text) for passage in extraction.passages)
    assert 400 <= sizes[len(sizes) // 2] <= 900
    assert sum(size < 100 for size in sizes) * 20 < len(sizes)
    assert {passage.source.page for passage in extraction.passages} >= set(range(2, 80))
