"""Vouchers, returns, bills and reports give their fields with places, recognised by what they print and not by their names."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.extraction import Extraction
from ingestion.papers.record_words import load_paper_forms
from ingestion.pdf.document import PdfDocument
from ingestion.reading import extract_bytes

Read = Callable[[str], Extraction]
D = Decimal


@pytest.mark.parametrize(("name", "kind", "number", "day", "party", "amount"), [
    ("invoice.pdf", "vat_invoice", "26322000000118273645", "2026-03-03", "江州宏达钢材有限公司", "12000207.66"),
    ("red.pdf", "vat_invoice", "26322000000118279999", "2026-05-20", "江州宏达钢材有限公司", "-6749998.50"),
    ("invoice_en.pdf", "commercial_invoice", "INV-20418", "2026-04-08", "Harbour Wool Supplies Ltd", "144720.00"),
    ("purchase.pdf", "purchase_contract", "HD-2026-0218", "2026-02-18", "江州宏达钢材有限公司", "12000207.66"),
    ("receipt.pdf", "delivery_note", "RK20260328-07", "2026-03-28", "江州宏达钢材有限公司", "12000207.66"),
    ("power.pdf", "electricity_bill", "3208005512", "2026-10-05", "国网江州供电公司", "209414.40"),
])  # fmt: skip
def test_a_voucher_gives_number_day_party_and_amount(
    read: Read, name: str, kind: str, number: str, day: str, party: str, amount: str
) -> None:
    found = read(name)
    record = found.paper_records[0]
    assert found.kind == "evidence" and found.status == "ok"
    assert (record.kind, record.number, str(record.date), record.party, record.amount) == (kind, number, day, party, D(amount))
    assert found.entity == record.counterparty


def test_the_sum_an_invoice_prints_proves_it(read: Read) -> None:
    record = read("invoice.pdf").paper_records[0]
    assert record.tax == D("1380554.86") and record.confidence == D("0.98")
    assert [c.status for c in read("invoice.pdf").checks] == ["ok"]
    assert record.field_named("contract_number") and record.evidence_kind == "invoice"


def test_a_red_invoice_is_red_and_names_the_blue_one(read: Read) -> None:
    record = read("red.pdf").paper_records[0]
    red_of = record.field_named("red_of")
    assert record.state == "red" and red_of is not None and red_of.value == "26322000000118273645"


def test_fields_open_to_their_place(read: Read, typeset: Path) -> None:
    record = read("power.pdf").paper_records[0]
    kwh = record.field_named("kwh")
    assert kwh is not None and kwh.page == 1 and kwh.box is not None and "312,000" in kwh.text
    with PdfDocument.open(typeset / "power.pdf") as document:
        letters = "".join(
            letter for w in document.words(0) if w.top >= kwh.box[1] - 1 and w.bottom <= kwh.box[3] + 1
            for letter, x0, x1 in zip(w.text, w.edges, w.edges[1:], strict=False) if x0 >= kwh.box[0] - 0.5 and x1 <= kwh.box[2] + 0.5
        )  # fmt: skip
    assert letters == "312,000"


def test_an_amount_inside_a_sentence_has_its_own_box(read: Read, typeset: Path) -> None:
    amount = read("purchase.pdf").paper_records[0].field_named("amount")
    assert amount is not None and amount.box is not None and amount.box[2] - amount.box[0] < 80


def test_the_credit_report_gives_its_summary_and_every_lender(read: Read) -> None:
    found = read("credit.pdf")
    record = found.paper_records[0]
    values = {one.name: one.value for one in record.fields}
    assert found.kind == "bureau" and record.kind == "credit_report"
    assert (
        values["credit_balance"] == "40600000.00" and values["overdue_total"] == "250000.00" and values["enquiries_6m"] == "3"
    )
    assert (
        values["lender[3].name"] == "东部商业银行"
        and values["lender[3].overdue"] == "250000.00"
        and values["lender[3].days"] == "12"
    )
    assert {c.status for c in found.checks} == {"ok"} and len(found.checks) == 2


def test_a_return_and_a_bill_give_readings_for_their_month(read: Read) -> None:
    vat = {m.measure: (m.value, str(m.date)) for m in read("vat.pdf").paper_records[0].measures}
    assert vat == {"vat_invoiced_sales": (D("18950000.00"), "2026-09-30"), "tax_paid": (D("487500.00"), "2026-09-30")}
    power = read("power.pdf").paper_records[0].measures
    assert [(m.measure, m.value, m.unit, str(m.date)) for m in power] == [("electricity_kwh", D(312000), "kWh", "2026-09-30")]


def test_a_list_of_invoices_is_one_record_each_with_its_state(read: Read) -> None:
    records = read("list.xlsx").paper_records
    assert [r.kind for r in records] == ["vat_invoice_list"] + ["vat_invoice"] * 8
    assert [r.state for r in records[1:]].count("void") == 1 and records[1].source.locator == "开具发票清单!G5"


def test_a_sum_that_does_not_hold_is_reported() -> None:
    text = "COMMERCIAL INVOICE\nHarbour Wool Supplies Ltd\nInvoice No: INV-9\nInvoice date: 8 April 2026\nBill to: Calder Textiles Ltd\n\nSubtotal: £100.00\nVAT 20%: £20.00\nTotal due: £180.00\n"
    found = extract_bytes(text.encode(), "inv.txt")
    assert found.status == "partial" and [c.status for c in found.checks] == ["failed"]
    assert found.paper_records[0].confidence == D("0.70")


def test_a_paper_of_no_known_form_is_kept_as_text_and_says_so() -> None:
    found = extract_bytes("海关进口货物报关单 提单号 1 购买方 销售方\n税额 开票日期\n".encode(), "x.txt", kind="evidence")
    assert found.paper_records == [] and any("kept as text only" in m.text for m in found.messages)


def test_a_loan_contract_is_no_purchase() -> None:
    text = "流动资金借款合同\n甲方（借款人）：某某有限公司\n乙方（贷款人）：某银行\n第一条 借款用途：支付采购合同项下货款，供方为某钢铁公司。\n第二条 本合同借款金额100万元。\n违约责任\n"
    assert extract_bytes(text.encode(), "x.txt").kind == "contract"


def test_an_english_certificate_is_no_contract() -> None:
    text = (
        "Compliance Certificate\n\nTo: First Bank\n\nWe refer to the Facility Agreement. The Borrower shall maintain the covenants. This is a Compliance "
        "Certificate for the quarter.\n\nCovenant  Requirement  Our figure  Met?\n\nWe confirm that no Event of Default is continuing.\n"
    )
    assert extract_bytes(text.encode(), "x.txt").kind == "other"


def test_every_form_holds_its_examples() -> None:
    assert {form.id for form in load_paper_forms()} >= {
        "vat_invoice",
        "purchase_contract",
        "credit_report",
        "vat_return",
        "electricity_bill",
    }
