"""Small real files made in the test: PDF (Latin and Chinese text), DOCX, mails, archives."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

from docx import Document

NOTE_ZH = """# 走访记录

走访时间：2026-10-20 14:00
走访企业：江州明远精密机械有限公司
走访人：李*、王*
会见：财务负责人周*

## 现场所见

6条产线开工4条,单班。抽盘钢材账面1,180吨,实盘1,062吨(差10.0%)。

## 核验

9月用电31.2万度,同比-34%。

## 对方陈述

“两条线在检修。”

## 跟进

10月27日前提供检修单、土地合同。
"""
CONTRACT_EN = """FACILITY AGREEMENT

dated 12 March 2026 between Harbour Foods Limited (the "Borrower") and Jiangzhou Bank Co., Ltd. (the "Lender").

1. THE FACILITY

1.1 The Lender makes available to the Borrower a term loan in an aggregate amount of USD 20,000,000.

6. FINANCIAL COVENANTS

6.1 The Borrower shall ensure that the ratio of Total Debt to EBITDA for any Relevant Period shall not exceed 3.50:1, tested quarterly on a consolidated basis.

6.2 Leverage shall not exceed 4.00:1 to 31 Dec 2026, 3.75:1 to 31 Dec 2027 and 3.50:1 thereafter.

7. GENERAL

7.1 The Borrower shall keep proper books. IN WITNESS WHEREOF the parties hereto have signed.
"""


def pdf(pages: Sequence[Sequence[str]], *, rotate: int = 0) -> bytes:
    """A PDF with one printed line per string, Helvetica for Latin and an unembedded GB1 font for Chinese."""
    objects: list[bytes] = [b"", b""]
    latin, song, cid = 3, 4, 5
    objects += [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
        b" /Supplement 4 >> /FontDescriptor 6 0 R /DW 1000 >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880"
        b" /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    kids = []
    for lines in pages:
        content = b"".join(_line(line, 780 - 16 * at, latin, song) for at, line in enumerate(lines))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        stream = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents %d 0 R /Resources << /Font << /F%d %d 0 R"
            b" /F%d %d 0 R >> >> >>" % (rotate, stream, latin, latin, song, song)
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    assert cid == 5
    return _assembled(objects)


def statement(lines: Sequence[str], rows: Sequence[tuple[str, str, str]]) -> bytes:
    """A one-page statement: `lines` above, then rows of a label and two right-aligned amounts."""
    made = [f"\x01{60}\x01{text}" for text in lines]
    made += [f"\x01{60}\x01{label}\x01{380}\x01{first}\x01{520}\x01{second}" for label, first, second in rows]
    return pdf([made])


def _line(text: str, y: int, latin: int, song: int) -> bytes:
    if text.startswith("\x01"):
        parts = text.split("\x01")[1:]
        places = zip(parts[::2], parts[1::2], strict=True)
        return b"".join(
            _piece(piece, int(x) if int(x) == 60 else round(int(x) - 6.116 * len(piece)), y, latin, song) for x, piece in places
        )
    return _piece(text, 60, y, latin, song)


def _piece(text: str, x: int, y: int, latin: int, song: int) -> bytes:
    if text.isascii():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("ascii")
        return b"BT /F%d 11 Tf %d %d Td (%s) Tj ET\n" % (latin, x, y, escaped)
    return b"BT /F%d 11 Tf %d %d Td <%s> Tj ET\n" % (song, x, y, text.encode("utf-16-be").hex().encode())


def _assembled(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def encrypted_pdf() -> bytes:
    """A PDF locked with a user password."""
    from fpdf import FPDF

    document = FPDF()
    document.add_page()
    document.set_font("Helvetica")
    document.cell(text="locked")
    document.set_encryption(owner_password="owner", user_password="user")
    return bytes(document.output())


def docx(paragraphs: Sequence[str], table: Sequence[Sequence[str]] = (), headings: Sequence[str] = ()) -> bytes:
    """A Word file; `headings` among the paragraphs get a heading style; the table follows the paragraphs."""
    document = Document()
    for text in paragraphs:
        if text in headings:
            document.add_heading(text, level=1)
        else:
            document.add_paragraph(text)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            cells = grid.add_row().cells
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mail(subject: str, body: str, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """An e-mail with attachments."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "li@bank.example", "desk@bank.example", subject
    message["Date"] = "Tue, 20 Oct 2026 18:00:00 +0800"
    message.set_content(body)
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    """A TAR, gzipped unless told otherwise."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as package:  # type: ignore[call-overload]
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            package.addfile(entry, io.BytesIO(content))
    return out.getvalue()
