"""How a statement may look: header wordings by period, units and their places, signs, columns, paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from eval.layouts.books import Span

MINUS = {
    "brackets": "({})",
    "hyphen": "-{}",
    "minus": "−{}",
    "full": "－{}",
    "trailing": "{}-",
    "triangle": "△{}",
    "wide brackets": "（{}）",
}
MONTH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(slots=True)
class Look:
    """One way to print. `headers`: per statement, for each span the header cells from top to bottom, equal neighbours are joined;
    `captions`: lines under the title; `order`: spans left to right."""

    language: str
    factor: Decimal
    places: int
    currency: str
    captions: dict[str, list[str]]
    spans: dict[str, list[Span]]
    headers: dict[str, list[list[str]]]
    minus: str = "brackets"
    nil: str = "-"
    notes: bool = False
    line_numbers: bool = False
    marks: str = ""
    ruled: bool = False
    landscape: bool = False
    turned: int = 0
    halves: bool = False
    wrap: bool = False
    bilingual: str = ""
    repeat: bool = True
    footnotes: bool = False
    per_page: int = 60
    size: float = 8.5
    centred: bool = False
    stub: str = ""
    names: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def english(day: date, american: bool) -> str:
    return f"{MONTH[day.month - 1]} {day.day}, {day.year}" if american else f"{day.day} {MONTH[day.month - 1]} {day.year}"


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def year_before(day: date) -> date:
    last = (date(day.year - 1 + (day.month == 12), day.month % 12 + 1, 1) - timedelta(days=1)).day
    return date(day.year - 1, day.month, min(day.day, last) if day.day < 28 else last)


def chinese_look(draw: Random, small: bool) -> Look:
    """A look for a Chinese statement."""
    kind = draw.choice(["year", "year", "half", "nine", "quarter"] + (["month", "tax quarter"] * 2 if small else []))
    year = draw.randint(2019, 2026)
    ends = {"year": date(year, 12, 31), "half": date(year, 6, 30), "nine": date(year, 9, 30), "quarter": date(year, 3, 31)}
    end = ends.get(kind) or draw.choice([date(year, 5, 31), date(year, 8, 31), date(year, 11, 30)])
    if kind == "tax quarter":
        end = draw.choice([date(year, 6, 30), date(year, 9, 30)])
    months = end.month
    opening, before = date(end.year - 1, 12, 31), year_before(end)
    both = not small and draw.random() < 0.35
    scopes = ["consolidated", "parent"] if both else ["consolidated"]

    def spread(spans: list[Span]) -> list[Span]:
        return [Span(s.end, s.months, scope) for scope in scopes for s in spans]

    balance = draw.choice(
        [
            (["期末余额"], ["期初余额"], "date"), ([chinese(end)], [chinese(opening)], "any"), (["期末数"], ["年初数"], "date"),
            (["期末余额"], ["上年年末余额"], "date"), ([end.strftime("%Y.%m.%d")], [opening.strftime("%Y.%m.%d")], "any"),
            ([end.isoformat()], [opening.isoformat()], "any"), (["期末余额"], ["年初余额"], "date"),
            ([f"{year}年{end.month}月末"], [f"{year - 1}年末"], "any") if months == 12 else (["期末余额"], ["年初余额"], "date"),
        ]
    )  # fmt: skip
    if months == 12:
        balance = draw.choice([balance, (["年末余额"], ["年初余额"], "date"), (["本年末"], ["上年末"], "date")])
    flow_title = {
        "year": draw.choice([f"{year}年度", f"{year}年1-12月", f"{year}年1月1日至{year}年12月31日"]),
        "half": draw.choice([f"{year}年1-6月", f"{year}年半年度", f"{year}年1—6月"]),
        "nine": draw.choice([f"{year}年1-9月", f"{year}年1—9月", f"{year}年前三季度"]),
        "quarter": draw.choice([f"{year}年1-3月", f"{year}年第一季度", f"{year}年1—3月"]),
        "month": draw.choice([f"{year}年{end.month}月", f"{year}年{end.month:02d}月"]),
        "tax quarter": f"税款所属期：{year}-{end.month - 2:02d}-01 至 {end.isoformat()}",
    }[kind]
    whole = [Span(end, months), Span(before, months)]
    quarter_end = end.month in (6, 9) and kind in ("half", "nine")
    flows: list[tuple[list[Span], list[list[str]]]] = [
        (whole, [["本期金额"], ["上期金额"]]),
        (whole, [["本期发生额"], ["上期发生额"]]),
        (whole, [["本期数"], ["上年同期数"]]),
    ]
    if kind == "year":
        flows += [
            (whole, [[f"{year}年度"], [f"{year - 1}年度"]]),
            (whole, [["本年金额"], ["上年金额"]]),
            (whole, [["本年累计数"], ["上年累计数"]]),
        ]
        if small:
            flows += [(whole, [["本年累计金额"], ["上年金额"]])] * 2
    elif kind == "half":
        flows += [
            (whole, [[f"{year}年1-6月"], [f"{year - 1}年1-6月"]]),
            (whole, [[f"{year}年半年度"], [f"{year - 1}年半年度"]]),
            (whole, [["本年累计"], ["上年同期累计"]]),
        ]
    elif kind == "nine":
        flows += [(whole, [["年初至报告期末"], ["上年同期"]])] * 2
        flows += [(whole, [[f"{year}年1-9月"], [f"{year - 1}年1-9月"]]), (whole, [[f"{year}年前三季度"], [f"{year - 1}年前三季度"]]),
                  (whole, [["年初至报告期末金额"], ["上年年初至报告期末金额"]])]  # fmt: skip
    elif kind == "quarter":
        flows += [(whole, [[f"{year}年第一季度"], [f"{year - 1}年第一季度"]]), (whole, [["本期金额"], ["上年同期金额"]])]
    income = list(flows)
    if quarter_end and kind == "nine":
        three = [Span(end, 3), Span(before, 3), Span(end, 9), Span(before, 9)]
        income = [
            (three, [[f"{year}年7-9月"], [f"{year - 1}年7-9月"], [f"{year}年1-9月"], [f"{year - 1}年1-9月"]]),
            (three, [["本报告期"], ["上年同期"], ["年初至报告期末"], ["上年年初至报告期末"]]),
            ([three[0], three[2]], [["本期金额（7-9月）"], ["年初至报告期末金额（1-9月）"]]),
            *flows,
        ]
    if kind == "month":
        income = flows = [
            ([Span(end, 1), Span(end, months)], [["本月金额"], ["本年累计金额"]]),
            ([Span(end, months), Span(end, 1)], [["本年累计金额"], ["本月金额"]]),
            ([Span(end, 1), Span(end, months)], [["本月数"], ["本年累计数"]]),
        ]
    if kind == "tax quarter":
        income = flows = [([Span(end, months), Span(end, 3)], [["本年累计金额"], ["本期金额"]])]
    chosen = {"income_statement": draw.choice(income), "cash_flow": draw.choice(flows)}
    factor, unit = draw.choice(
        [(1, "元"), (1, "元"), (1000, "千元"), (10000, "万元"), (1000000, "百万元")]
        if not small
        else [(1, "元"), (1, "元"), (10000, "万元")]
    )
    where = draw.choice(["caption", "caption", "caption money", "header", "sentence"])
    said = {
        "caption": f"单位：{unit}", "caption money": f"单位：{unit}  币种：人民币", "header": "", "sentence": f"（除特别注明外，金额单位均为人民币{unit}）",
    }[where]  # fmt: skip
    spans = {"balance_sheet": spread([Span(end, 0), Span(opening, 0)])}
    headers = {"balance_sheet": [list(words) for _ in scopes for words in balance[:2]]}
    captions = {"balance_sheet": ["编制单位：{name}", chinese(end)]}
    for name, (used, words) in chosen.items():
        spans[name] = spread(used)
        headers[name] = [list(w) for _ in scopes for w in words]
        title = flow_title
        dated = words[0][0][:2] == "20"
        if kind == "tax quarter":
            captions[name] = ["纳税人名称：{name}", title]
        else:
            captions[name] = ["编制单位：{name}"] + ([] if dated and draw.random() < 0.3 else [title])
    if kind == "tax quarter":
        captions["balance_sheet"] = ["纳税人名称：{name}", f"税款所属期：{year}-{end.month - 2:02d}-01 至 {end.isoformat()}"]
    for name, words in headers.items():
        if both:
            names = draw.choice([("合并", "母公司"), ("合并数", "母公司数"), ("合并", "公司")])
            for index, word in enumerate(words):
                word.insert(0, names[index >= len(words) // 2])
        if where == "header":
            for word in words:
                word[-1] += f"（{unit}）"
        if said:
            captions[name].append(said)
    old_first = draw.random() < 0.12 and not both
    if old_first:
        for name in spans:
            spans[name], headers[name] = spans[name][::-1], headers[name][::-1]
    look = Look(
        "zh", Decimal(factor), 2 if factor in (1, 10000) else 0, "CNY", captions, spans, headers,
        minus=draw.choice(["hyphen", "hyphen", "minus", "full", "brackets", "wide brackets"]), nil=draw.choice(["", "", "-", "—", "0.00"]),
        notes=draw.random() < 0.35, line_numbers=small and draw.random() < 0.8, ruled=draw.random() < 0.6,
        landscape=both and draw.random() < 0.7, turned=draw.choice([0, 0, 0, 0, 90, 270]), halves=not both and draw.random() < (0.6 if small else 0.25),
        wrap=draw.random() < 0.3, bilingual=draw.choice(["", "", "", "same line", "second line"]) if not small else "",
        repeat=draw.random() < 0.5, per_page=draw.choice([60, 60, 34, 26]), size=draw.choice([7.5, 8.5, 9.5]), centred=draw.random() < 0.15,
        stub=draw.choice(["项目", "项  目", "报表项目"]),
    )  # fmt: skip
    if look.halves:
        look.landscape, look.bilingual, look.wrap, look.turned = True, "", False, 0
        look.per_page, look.notes = 60, False
        look.size = 6.5
    look.tags = [kind, f"unit {unit} {where}", "both" if both else "one", "old first" if old_first else "new first"]
    return look


def english_look(draw: Random, family: str) -> Look:
    """A look for a US or IFRS statement."""
    american = family == "us"
    kind = draw.choice(
        ["year", "year", "june year", "weeks", "quarter", "half", "transition"]
        if american
        else ["year", "year", "march year", "half", "quarter"]
    )
    year = draw.randint(2016, 2025)
    end = {"year": date(year, 12, 31), "june year": date(year, 6, 30), "march year": date(year, 3, 31)}.get(kind) or date(
        year, 12, 31
    )
    flows: list[Span]
    balance: list[Span]
    if kind == "weeks":
        end = date(year, 12, 31)
        end -= timedelta(days=(end.weekday() - 5) % 7)
        before = end - timedelta(days=draw.choice([364, 371]))
        flows, balance = [Span(end, 12), Span(before, 12)], [Span(end, 0), Span(before, 0)]
    elif kind in ("quarter", "half"):
        end = date(year, 9, 30) if kind == "quarter" else date(year, 6, 30)
        long = 9 if kind == "quarter" else 6
        flows = [Span(end, long), Span(year_before(end), long)]
        if american:
            flows = [Span(end, 3), Span(year_before(end), 3), *flows]
        balance = [Span(end, 0), Span(date(year - 1, 12, 31), 0)]
    elif kind == "transition":
        end = date(year, 12, 31)
        flows = [Span(end, 3), Span(date(year, 9, 30), 12), Span(date(year - 1, 9, 30), 12)]
        balance = [Span(end, 0), Span(date(year, 9, 30), 0)]
    else:
        flows, balance = [Span(end, 12), Span(year_before(end), 12)], [Span(end, 0), Span(year_before(end), 0)]
        if american and draw.random() < 0.5:
            flows.append(Span(year_before(year_before(end)), 12))
    income, cash = flows, [s for s in flows if not (len(flows) == 4 and s.months == 3)]
    spans = {"balance_sheet": balance, "income_statement": income, "cash_flow": cash}
    headers: dict[str, list[list[str]]] = {}
    captions: dict[str, list[str]] = {}
    stacked = draw.random() < 0.5
    bare = kind in ("year", "june year", "march year") and draw.random() < 0.45
    for name, used in spans.items():
        flow = name != "balance_sheet"
        heads: list[list[str]] = []
        for index, span in enumerate(used):
            day = english(span.end, american)
            short = day.replace(f", {span.end.year}" if american else f" {span.end.year}", "")
            if bare:
                heads.append([str(span.end.year)])
                continue
            if not flow:
                if kind in ("quarter", "half"):
                    heads.append(
                        draw.choice([[short + ("," if american else ""), str(span.end.year)], [day]])
                        if False
                        else ([short + ("," if american else ""), str(span.end.year)] if stacked else [day])
                    )
                else:
                    heads.append([short + ("," if american else ""), str(span.end.year)] if stacked else [day])
                continue
            length = {12: "Year ended", 3: "Three months ended", 6: "Six months ended", 9: "Nine months ended"}[span.months]
            if kind == "weeks":
                gap = (span.end - (used[index + 1].end if index + 1 < len(used) else span.end - timedelta(days=364))).days // 7
                heads.append([f"{gap} weeks ended", day])
            elif stacked and kind != "transition":
                heads.append([f"{length} {short}" + ("," if american else ""), str(span.end.year)])
            else:
                heads.append([length, day])
        headers[name] = heads
        if bare:
            day = english(end, american)
            lead = (
                draw.choice(["for the year ended", "For the year ended", "Year ended"])
                if flow
                else draw.choice(["as at", "At", "As of"])
            )
            captions[name] = [f"{lead} {day}"]
        elif kind == "weeks" or draw.random() < 0.5:
            captions[name] = []
        else:
            captions[name] = (
                [f"As of {english(balance[0].end, american)} and {english(balance[1].end, american)}"]
                if not flow and kind != "transition"
                else []
            )
    factor, unit = draw.choice(
        [(1000, "thousands"), (1000000, "millions"), (1000000, "millions"), (1, "dollars" if american else "pounds")]
    )
    currency, symbol, called = (
        ("USD", "$", "U.S. dollars")
        if american
        else draw.choice([("GBP", "£", "pounds sterling"), ("HKD", "HK$", "Hong Kong dollars"), ("EUR", "€", "euros")])
    )
    where = (
        draw.choice(["caption", "caption", "column", "sentence"])
        if not american
        else draw.choice(["caption", "caption", "sentence", "share"])
    )
    if factor == 1:
        where = "sentence"
    for name in spans:
        if where == "caption":
            captions[name].append(f"(in {unit})" if american else f"(Expressed in {unit} of {called})")
        elif where == "share":
            captions[name].append(f"(In {unit}, except per share data)" if name == "income_statement" else f"(In {unit})")
        elif where == "sentence":
            captions[name].append(f"(Amounts expressed in {unit + ' of ' if factor > 1 else ''}{called})")
        else:
            sign = {1000: f"{symbol}’000", 1000000: f"{symbol}m" if currency != "HKD" else "HK$ million"}[factor]
            for head in headers[name]:
                head.append(sign)
    if draw.random() < 0.4 and kind in ("quarter", "half"):
        for name in spans:
            captions[name].append("(unaudited)")
    old_first = draw.random() < 0.12 and kind != "transition"
    if old_first:
        for name in spans:
            spans[name], headers[name] = spans[name][::-1], headers[name][::-1]
    look = Look(
        "en", Decimal(factor), 0 if factor < 1000000 else draw.choice([0, 0, 1]), currency, captions, spans, headers,
        minus=draw.choice(["brackets", "brackets", "brackets", "hyphen", "minus", "trailing"]), nil=draw.choice(["-", "—", "–", ""]),
        notes=draw.random() < (0.2 if american else 0.7), marks=symbol if american and draw.random() < 0.7 else "",
        ruled=draw.random() < 0.15, landscape=draw.random() < 0.15, turned=draw.choice([0, 0, 0, 0, 0, 90, 270]), wrap=draw.random() < 0.4,
        repeat=draw.random() < 0.5, per_page=draw.choice([60, 60, 24]), size=draw.choice([7.5, 8.5, 10]), centred=draw.random() < 0.08,
        footnotes=draw.random() < 0.25,
    )  # fmt: skip
    if currency == "USD" and where != "sentence":
        look.marks = "$"
    look.tags = [
        kind,
        f"unit {unit} {where}",
        "bare" if bare else "stacked" if stacked else "full",
        "old first" if old_first else "new first",
    ]
    return look
