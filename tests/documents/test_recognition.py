"""Kind, language, company and date by content; whose document it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.pipeline import IngestOptions, ingest_paths
from ingestion.reading import extract_bytes
from ingestion.recognition import load_kinds, valid_usci
from ingestion.routing import Assignment, assignments_of
from tests.documents import papers
from tests.documents.conftest import now
from tools.domain.callers import LOCAL
from tools.errors import UnknownBorrower
from tools.store.database import Store


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("账户交易明细\n户名：某公司\n交易日期 摘要 借方发生额 贷方发生额 账户余额 对方户名", "bank_flow"),
        ("企业信用报告\n中国人民银行征信中心\n未结清 查询次数 不良类", "bureau"),
        ("增值税专用发票\n购买方 销售方 价税合计 税额 开票日期", "evidence"),
        ("COMMERCIAL INVOICE\nInvoice No 12\nBill to Harbour Foods\nQuantity Unit price", "evidence"),
        ("燃气账单\n客户名称：某玻璃有限公司\n天然气（方） 610,000 1,280,000 3.12元/方\n应缴金额：1,903,200.00元", "evidence"),
        (
            "2026年9月17日 走访某冷链有限公司\n同去：欧阳骏。见到副总经理毕然。\n核实的：8月电费单41万元尚未缴，供电公司发了催缴函。",
            "visit_note",
        ),
        ("2026年8月20日 走访某物业有限公司\n同去：柳叶。\n核实的：抽了3个小区的服务合同和收费台账。", "visit_note"),
        (
            "MEMORANDUM\nRe: visit to Harbour Foods Limited, 3 September 2026\nMet: Irene Falk\nWhat we saw. One line ran.",
            "visit_note",
        ),
        ("贷后现场检查表\n客户 | 某茶业公司\n检查日期 | 2026年10月14日\n检查人 | 裴知微", "visit_note"),
        (
            "Facility Letter\nRef. AB/24-088\nTo: Harbour Foods Limited\nWe are pleased to offer the facilities below. The Company sends its "
            "annual financial statements and a balance sheet within 120 days and management accounts each quarter.",
            "contract",
        ),
        (
            "Working Capital Loan Agreement No. AB-2026-023\n\nbetween Harbour Bank as lender and Harbour Foods Limited as borrower.\n"
            "It sends its income statement, balance sheet and cash flow statement within 60 days.",
            "contract",
        ),
        (
            "Waiver Letter\nTo: Harbour Foods Limited\nThe Bank waives the test at 30 June 2026. All other terms stay as they are.",
            "contract",
        ),
        (
            "Harbour Cycles B.V.\nAnnual accounts for the year ended 30 June 2026\nRevenue | 28,400\nCost of sales | -20,998\nGross profit | 7,402",
            "statement",
        ),
        ("Dear Ms Chen, thank you for lunch. The weather was fine.", "other"),
        (papers.NOTE_ZH, "visit_note"),
        (papers.CONTRACT_EN, "contract"),
    ],
)
def test_kind_by_words(text: str, kind: str) -> None:
    assert extract_bytes(text.encode(), "file.txt").kind == kind


def test_the_examples_of_the_vocabulary_hold() -> None:
    assert {kind for kind, _, _ in load_kinds()} == {
        "statement", "contract", "visit_note", "bank_flow", "bureau", "evidence", "other",
    }  # fmt: skip


def test_language_is_chinese_as_soon_as_there_is_enough_of_it() -> None:
    assert (
        extract_bytes("The plant of 江州明远 was idle and nobody was there to explain it to us.".encode(), "a.txt").language
        == "en"
    )
    assert extract_bytes("明远公司的 EBITDA 与 Total Debt 之比上升。".encode(), "a.txt").language == "zh"


def test_credit_code_needs_its_check_digit() -> None:
    assert valid_usci("91350100M000100Y43")
    assert not valid_usci("91350100M000100Y44")
    assert not valid_usci("91350100M000100Y4")


def one(store: Store, path: Path, **options: object) -> tuple[str | None, str]:
    result = ingest_paths(LOCAL, [path], store, now, IngestOptions(**{"workers": 0} | options))[0]  # type: ignore[arg-type]
    return result.borrower, result.message


def test_by_registered_name_english_name_and_alias(bank: Store, tmp_path: Path) -> None:
    assert one(bank, file(tmp_path, "a.md", papers.NOTE_ZH))[0] == "C001"
    english = papers.CONTRACT_EN.replace("Harbour Foods Limited", "Jiangzhou Mingyuan Precision Machinery Co., Ltd.")
    assert one(bank, file(tmp_path, "b.txt", english))[0] == "C001"
    assert one(bank, file(tmp_path, "c.md", papers.NOTE_ZH.replace("江州明远精密机械有限公司", "明远精密")))[0] == "C001"


def test_by_registration_number(bank: Store, tmp_path: Path) -> None:
    text = papers.NOTE_ZH.replace("走访企业：江州明远精密机械有限公司", "统一社会信用代码：91350100M000100Y43")
    assert one(bank, file(tmp_path, "a.md", text))[0] == "C001"


def test_a_name_that_fits_two_is_asked_about_and_can_be_settled(bank: Store, tmp_path: Path) -> None:
    path = file(tmp_path, "a.md", papers.NOTE_ZH.replace("江州明远精密机械有限公司", "明远机械"))
    borrower, message = one(bank, path)
    assert borrower is None
    assert "2 borrowers fit" in message and "C001" in message and "C002" in message and "--borrower" in message
    assert one(bank, path, borrower="C002")[0] == "C002"
    assert {passage.borrower for passage in bank.passages.of_document(LOCAL, bank.documents.list(LOCAL)[0].sha256)} == {"C002"}
    assert bank.trail.verify(LOCAL).ok


def test_an_unknown_company_gets_a_provisional_borrower(bank: Store, tmp_path: Path) -> None:
    borrower, message = one(
        bank, file(tmp_path, "a.md", papers.NOTE_ZH.replace("江州明远精密机械有限公司", "北海启航物流有限公司"))
    )
    assert borrower is not None and borrower.startswith("P-") and len(borrower) == 10
    assert "北海启航物流有限公司" in message
    assert bank.borrowers.get(LOCAL, borrower).name == "北海启航物流有限公司"  # type: ignore[union-attr]


def test_a_paper_that_names_nobody_says_so(bank: Store, tmp_path: Path) -> None:
    borrower, message = one(bank, file(tmp_path, "a.txt", "A page about the weather in general terms."))
    assert borrower is None and "names no company" in message


def test_an_explicit_unknown_borrower_stops_before_anything(bank: Store, tmp_path: Path) -> None:
    with pytest.raises(UnknownBorrower) as caught:
        one(bank, file(tmp_path, "a.md", papers.NOTE_ZH), borrower="C999")
    assert caught.value.exit_code == 2
    assert bank.documents.list(LOCAL) == []


def test_the_banks_list_of_documents_wins(bank: Store, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"file": "notes/a.md", "customer_id": "C003", "kind": "visit_note", "received_date": "2026-10-21"}
    ]
    (tmp_path / "notes").mkdir()
    path = file(tmp_path / "notes", "a.md", papers.NOTE_ZH)
    borrower, _ = one(bank, path, assignments=assignments_of(rows))
    assert borrower == "C003"
    stored = bank.documents.list(LOCAL)[0]
    assert stored.received_at.isoformat().startswith("2026-10-21T00:00:00")
    assert assignments_of(rows) == {"notes/a.md": Assignment("C003", "visit_note", stored.received_at.date())}
