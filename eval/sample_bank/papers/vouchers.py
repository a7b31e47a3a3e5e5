"""Vouchers of a purchase as they are printed: electronic VAT invoice, commercial invoice, purchase contract, goods receipt, power bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eval.sample_bank.papers.sheet import Paper, flow
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from tools.typesetting.fonts import Face

_DIGITS = "零壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True, slots=True)
class Party:
    """A side of a purchase."""

    name: str
    registration: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line: name, model, unit, quantity, price without tax, tax rate in per cent."""

    name: str
    model: str
    unit: str
    quantity: Decimal
    price: Decimal
    rate: Decimal = Decimal(13)

    @property
    def net(self) -> Decimal:
        """Quantity times price, to the cent."""
        return (self.quantity * self.price).quantize(Decimal("0.01"))

    @property
    def tax(self) -> Decimal:
        """Tax on it."""
        return (self.net * self.rate / 100).quantize(Decimal("0.01"))


def spoken(amount: Decimal) -> str:
    """An amount in the characters of cheques: 壹仟贰佰万圆整."""
    whole, cents = divmod(int(amount * 100), 100)
    text, zero = "", False
    groups, rest = [], whole
    while rest:
        rest, group = divmod(rest, 10000)
        groups.append(group)
    for at in range(len(groups) - 1, -1, -1):
        group = groups[at]
        if not group:
            zero = bool(text)
            continue
        for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = group // place % 10
            if digit:
                text += ("零" if zero and text else "") + _DIGITS[digit] + unit
                zero = False
            elif text:
                zero = True
        text += ("", "万", "亿")[at]
        zero = False
    tail = (
        "整"
        if not cents
        else (f"{_DIGITS[cents // 10]}角" if cents >= 10 else "零") + (f"{_DIGITS[cents % 10]}分" if cents % 10 else "")
    )
    return f"{text or '零'}圆{tail}"


def vat_invoice(
    number: str, day: date, buyer: Party, seller: Party, items: Sequence[Item], *, remark: str = "", red: bool = False
) -> Paper:
    """The fully digital invoice: buyer and seller side by side, items, total in characters and figures."""
    paper = Paper("电子发票（增值税专用发票）", seller.name, day, size=(612.0, 396.0))
    page = paper.page()
    page.text(306, 44, "电子发票（增值税专用发票）", 17, align="centre", face=Face.SERIF)
    page.text(430, 40, f"发票号码：{number}", 9)
    page.text(430, 56, f"开票日期：{day:%Y年%m月%d日}", 9)
    for x0, y0, x1, y1 in (
        (30, 74, 582, 74),
        (30, 124, 582, 124),
        (30, 252, 582, 252),
        (30, 282, 582, 282),
        (30, 330, 582, 330),
    ):
        page.rule(x0, y0, x1, y1)
    for x, top, bottom in ((30, 74, 330), (52, 74, 124), (306, 74, 124), (328, 74, 124), (582, 74, 330)):
        page.rule(x, top, x, bottom)
    for at, mark in enumerate("购买方信息"):
        page.text(36, 84 + at * 9.4, mark, 8)
    for at, mark in enumerate("销售方信息"):
        page.text(312, 84 + at * 9.4, mark, 8)
    page.text(58, 94, f"名称：{buyer.name}", 9)
    page.text(58, 114, f"统一社会信用代码/纳税人识别号：{buyer.registration}", 8)
    page.text(334, 94, f"名称：{seller.name}", 9)
    page.text(334, 114, f"统一社会信用代码/纳税人识别号：{seller.registration}", 8)
    heads = (("项目名称", 36, "left"), ("规格型号", 176, "left"), ("单位", 246, "left"), ("数量", 320, "right"), ("单价", 392, "right"),
             ("金额", 462, "right"), ("税率/征收率", 522, "right"), ("税额", 578, "right"))  # fmt: skip
    for head, x, align in heads:
        page.text(x, 137, head, 8, align=align)  # type: ignore[arg-type]
    sign = -1 if red else 1
    y = 152.0
    for item in items:
        cells = (
            item.name,
            item.model,
            item.unit,
            f"{sign * item.quantity:g}",
            f"{item.price:.2f}",
            f"{sign * item.net:.2f}",
            f"{item.rate:g}%",
            f"{sign * item.tax:.2f}",
        )
        for (_, x, align), text in zip(heads, cells, strict=True):
            page.text(x, y, text, 8, align=align)  # type: ignore[arg-type]
        y += 14
    net = sign * sum((item.net for item in items), Decimal(0))
    tax = sign * sum((item.tax for item in items), Decimal(0))
    page.text(90, 245, "合    计", 9)
    page.text(462, 245, f"¥{net:.2f}", 8.5, align="right")
    page.text(578, 245, f"¥{tax:.2f}", 8.5, align="right")
    page.text(40, 271, "价税合计（大写）", 9)
    page.text(150, 271, ("（负数）" if red else "") + spoken(abs(net + tax)), 9)
    page.text(420, 271, f"（小写）¥{net + tax:.2f}", 9)
    page.text(36, 296, "备注", 8)
    page.text(70, 296, remark, 8)
    page.text(60, 350, "开票人：陈敏", 9)
    return paper


def commercial_invoice(number: str, day: date, due: date, seller: Party, buyer: Party, items: Sequence[tuple[str, Decimal, Decimal]], *,
                       sign: str = "£", vat: Decimal = Decimal(20)) -> Paper:  # fmt: skip
    """An English invoice: bill to, number and dates at the right, lines, net, VAT, total due."""
    paper = Paper(f"Invoice {number}", seller.name, day, face=Face.SANS, language="en")
    page = paper.page()
    page.text(56, 70, seller.name, 14, bold=True)
    page.text(539, 70, "COMMERCIAL INVOICE", 14, align="right", bold=True)
    page.text(56, 110, "Bill to:", 9, bold=True)
    page.text(56, 124, buyer.name, 10)
    for at, line in enumerate((f"Invoice No: {number}", f"Invoice date: {day:%d %B %Y}", f"Due date: {due:%d %B %Y}")):
        page.text(539, 110 + 14 * at, line, 9, align="right")
    y = 190.0
    heads = (("Description", 56, "left"), ("Quantity", 330, "right"), ("Unit price", 430, "right"), ("Amount", 539, "right"))
    for head, x, align in heads:
        page.text(x, y, head, 9, align=align, bold=True)  # type: ignore[arg-type]
    page.rule(56, y + 5, 539, y + 5)
    net = Decimal(0)
    for name, quantity, price in items:
        y += 20
        worth = (quantity * price).quantize(Decimal("0.01"))
        net += worth
        for (_, x, align), text in zip(heads, (name, f"{quantity:,}", f"{price:,.2f}", f"{worth:,.2f}"), strict=True):
            page.text(x, y, text, 9, align=align)  # type: ignore[arg-type]
    tax = (net * vat / 100).quantize(Decimal("0.01"))
    for label, figure in (("Subtotal", net), (f"VAT {vat:g}%", tax), ("Total due", net + tax)):
        y += 20
        page.text(430, y, label, 9, align="right", bold=label == "Total due")
        page.text(539, y, f"{sign}{figure:,.2f}", 9, align="right", bold=label == "Total due")
    page.text(56, y + 60, f"Please pay {seller.name}, account {seller.account or '20-00-00 12345678'}, within 30 days.", 9)
    return paper


def purchase_contract(number: str, day: date, seller: Party, buyer: Party, items: Sequence[Item], delivery: str) -> Paper:
    """工矿产品购销合同: supplier and buyer, table of goods, total in characters and figures, terms, two seals."""
    paper = Paper("工矿产品购销合同", seller.name, day)
    page = paper.page()
    page.text(297.6, 80, "工矿产品购销合同", 18, align="centre", bold=True)
    page.text(64, 112, f"供方：{seller.name}", 10.5)
    page.text(360, 112, f"合同编号：{number}", 10.5)
    page.text(64, 130, f"需方：{buyer.name}", 10.5)
    page.text(360, 130, f"签订日期：{day:%Y年%m月%d日}", 10.5)
    page.text(64, 156, "一、产品名称、规格、数量、金额", 10.5)
    columns = [
        Column("产品名称", 108),
        Column("规格型号", 84),
        Column("单位", 40, "centre"),
        Column("数量", 66, "right"),
        Column("单价（元）", 74, "right"),
        Column("金额（元）", 95, "right"),
    ]
    gross = [(item, (item.net + item.tax)) for item in items]
    rows = [
        TableRow([i.name, i.model, i.unit, f"{i.quantity:,.2f}", f"{i.price * (1 + i.rate / 100):,.2f}", f"{g:,.2f}"])
        for i, g in gross
    ]
    total = sum((g for _, g in gross), Decimal(0))
    rows.append(TableRow(["合计", "", "", "", "", f"{total:,.2f}"], bold=True))
    page, y = Grid(columns, 64, size=9.5, height=20, bottom=760).draw(paper, page, 166, rows)
    terms = [
        f"合计人民币金额（大写）：{spoken(total)}（¥{total:,.2f}）。以上价格含13%增值税。",
        f"二、交（提）货时间及地点：{delivery}。",
        "三、质量标准：按国家标准执行，需方收货后7日内提出异议。",
        f"四、结算方式：合同签订后由需方一次性支付货款至供方账户{seller.account}。",
        "五、违约责任：按《中华人民共和国民法典》执行。",
        "六、本合同一式两份，双方各执一份，盖章后生效。",
    ]
    page, y = flow(paper, page, y + 22, terms, left=64, right=531, bottom=760, top=80, size=10.5)
    page.text(64, y + 30, f"供方（盖章）：{seller.name}", 10.5)
    page.text(320, y + 30, f"需方（盖章）：{buyer.name}", 10.5)
    page.seal(180, y + 40, seller.name, "合同专用章", 40)
    return paper


def goods_receipt(number: str, day: date, seller: Party, buyer: Party, items: Sequence[Item]) -> Paper:
    """入库单."""
    paper = Paper("入库单", buyer.name, day, size=(595.28, 420.0))
    page = paper.page()
    page.text(297.6, 56, "材料入库单", 16, align="centre", bold=True)
    page.text(56, 88, f"收货单位：{buyer.name}", 10)
    page.text(400, 88, f"单号：{number}", 10)
    page.text(56, 106, f"供货单位：{seller.name}", 10)
    page.text(400, 106, f"入库日期：{day.isoformat()}", 10)
    columns = [
        Column("品名", 130),
        Column("规格", 90),
        Column("单位", 50, "centre"),
        Column("实收数量", 90, "right"),
        Column("金额（元）", 120, "right"),
    ]
    rows = [TableRow([i.name, i.model, i.unit, f"{i.quantity:,.2f}", f"{i.net + i.tax:,.2f}"]) for i in items]
    total = sum((i.net + i.tax for i in items), Decimal(0))
    rows.append(TableRow(["合计", "", "", f"{sum((i.quantity for i in items), Decimal(0)):,.2f}", f"{total:,.2f}"], bold=True))
    _, y = Grid(columns, 56, size=9.5, height=20, bottom=380).draw(paper, page, 120, rows)
    page.text(56, y + 26, "仓管员：何平    验收人：郑海", 10)
    return paper


def power_bill(
    number: str, holder: str, supplier: str, first: date, last: date, kwh: Decimal, price: Decimal, issued: date
) -> Paper:
    """电费通知单: meter readings, consumption and amount of one month."""
    paper = Paper("电费通知单", supplier, issued, size=(595.28, 500.0))
    page = paper.page()
    page.text(297.6, 56, supplier, 13, align="centre")
    page.text(297.6, 80, "电费通知单", 17, align="centre", bold=True)
    page.text(56, 112, f"户名：{holder}", 10)
    page.text(380, 112, f"用户编号：{number}", 10)
    page.text(56, 130, f"计费周期：{first.isoformat()} 至 {last.isoformat()}", 10)
    page.text(380, 130, f"出账日期：{issued.isoformat()}", 10)
    columns = [
        Column("示数类型", 90),
        Column("上次示数", 90, "right"),
        Column("本次示数", 90, "right"),
        Column("倍率", 60, "right"),
        Column("抄见电量（千瓦时）", 150, "right"),
    ]
    start = Decimal(51200)
    rows = [TableRow(["正向有功（总）", f"{start:,.2f}", f"{start + kwh / 400:,.2f}", "400", f"{kwh:,.0f}"])]
    _, y = Grid(columns, 56, size=9.5, height=20, bottom=460).draw(paper, page, 144, rows)
    amount = (kwh * price).quantize(Decimal("0.01"))
    page.text(56, y + 28, f"本期总电量：{kwh:,.0f}千瓦时", 10)
    page.text(56, y + 46, f"本期电费合计：{amount:,.2f}元", 10, bold=True)
    page.text(56, y + 64, f"平均电价：{price:.4f}元/千瓦时", 10)
    return paper
