"""What is true of C001 and how an officer would ask about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.ledger import Ledger
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.truth import Reckoner, rounded

Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)


def story(ledger: Ledger, papers: dict[str, tuple[str, int | None]]) -> Story:
    """The truth about 明远精密; ratios are worked out from its books, tracing is the handbook's."""
    reckon = Reckoner(ledger)

    def ratio(name: str, end: date, basis: str = "", unit: str = "ratio") -> Expected:
        places = 2 if unit == "currency" else 4
        return Expected(
            name=name, period_end=end.isoformat(), value=rounded(reckon.ratio(name, end), places), basis=basis, unit=unit
        )

    def amount(name: str, end: date, months: int = 0) -> Expected:
        value = reckon.flow(name, end, months) if months else reckon.point(name, end)
        return Expected(name=name, period_end=end.isoformat(), value=rounded(value, 2), unit="currency")

    half = rounded(reckon.ratio("debt_to_assets", H26) * 100, 2)
    return Story(
        borrower="C001", slug="misuse-and-leverage",
        title_zh="资金挪用、回流与杠杆突破", title_en="Proceeds misused and sent back, leverage past its limit",
        what_zh="2,000万元流动资金贷款受托支付给宏达钢材，1,000万元当日起经晟合贸易转出，880万元以“借款”回到借款人第二账户A009并支付土地款850万元；"
        "另有260万元往来款付关联方明远置业、200万元转入证券资金专户、100万元购买结构性存款。半年报LTM EBITDA降至2,540万元，总债务/EBITDA为4.09倍，"
        "突破C4的4.00倍。走访所见6条产线开4条、用电同比-34%、钢材盘亏10%，与对方“检修”的说法矛盾。三季报未交。",
        what_en="The 20m working-capital loan was paid to Hongda Steel; 10m went on through Chenghe Trading and 8.8m came back to the borrower's "
        "second account A009 as a \"loan\" and paid 8.5m for land. A further 2.6m went to related Mingyuan Estate, 2.0m to a securities account and "
        "1.0m to a structured deposit. At 30 June 2026 LTM EBITDA is 25.4m and Debt/EBITDA 4.09x, past the 4.00x of C4. The visit saw 4 of 6 lines "
        "running, power down 34% and 10% of the steel missing, against \"maintenance\". The Q3 accounts have not come.",
        signals={
            "TXN-01": "hit R", "TXN-02": "hit R", "TXN-04": "hit O", "TXN-06": "hit Y", "COV-01": "hit R", "OPS-01": "hit O", "DOC-01": "hit Y",
            "DOC-02": "hit O", "FIN-01": "clear", "BEH-01": "clear", "BEH-08": "clear",
        },
        covenants={
            "C1": "at_risk 3.4558 (2025-12-31, ended 2026-02-28)", "C2": "compliant 1.9855", "C3": f"at_risk {half}% (2026-06-30)",
            "C4": "breach 4.0945 (limit 4.00, 2026-06-30)", "C5": "compliant", "C6": "compliant 0.2041 (2025-12-31)",
            "C7a": "compliant", "C7b": "compliant (2026-06-30); 2026-09-30 not_due until 2026-11-14", "C8a": "breach if a dividend is paid",
        },
        loans={
            "L001": {"balance": "20000000.00", "dpd": 0, "floors": ["CLS-10-2"], "fifo_misuse": "11522727.27", "fifo_misuse_share": "0.5761",
                     "pro_rata_misuse": "11500082", "backflow": "8800000", "backflow_share": "0.7333"},
            "L002": {"balance": "13800000.00", "dpd": 0}, "L003": {"balance": "30200000.00", "dpd": 0}, "L004": {"balance": "0.00", "status": "closed"},
        },
        figures=(
            ratio("current_ratio", Y25), ratio("debt_to_assets", Y25), ratio("debt_to_ebitda", Y25, "fy"), ratio("icr_ebit", Y25, "fy"),
            ratio("dscr", Y25, "fy"), ratio("gross_margin", Y25, "fy"), ratio("tnw", Y25, unit="currency"), ratio("debt_to_ebitda", H26, "ltm"),
            ratio("debt_to_assets", H26), ratio("icr_ebitda", H26, "ltm"), amount("total_assets", Y25), amount("revenue", Y25, 12),
            amount("net_profit", Y25, 12), amount("net_cash_operating", Y25, 12), amount("total_assets", H26), amount("revenue", H26, 6),
        ),
        questions=_questions(reckon, papers),
    )  # fmt: skip


def _questions(reckon: Reckoner, papers: dict[str, tuple[str, int | None]]) -> tuple[Question, ...]:
    annual = "C001_明远精密/江州明远精密机械有限公司2025年度审计报告.pdf"
    half = "C001_明远精密/江州明远精密机械有限公司2026年半年度财务报表（未经审计）.pdf"
    autumn = "C001_明远精密/贷后走访记录_20261020.docx"
    margin = rounded(
        (reckon.flow("revenue", H26, 6) - reckon.flow("cost_of_sales", H26, 6)) / reckon.flow("revenue", H26, 6) * 100, 2
    )
    cover = rounded(reckon.ratio("icr_ebitda", H26), 2)
    exposure = Decimal(6400)
    return (
        Question(
            kind="figure", zh="明远精密2025年末总资产是多少？", en="What were Mingyuan Precision's total assets at the end of 2025?",
            answer_zh="30,000.00万元（合并，经审计）。", answer_en="CNY 300.00 million (consolidated, audited).",
            must=("30,000|3亿|300,000,000|300.00 million|300 million",), documents=(annual,),
        ),
        Question(
            kind="figure", zh="江州明远2025年营业收入多少，比上年增长多少？", en="What was Mingyuan's 2025 revenue and how much did it grow?",
            answer_zh="26,400万元，比上年24,000万元增长10.00%。", answer_en="CNY 264.0 million, up 10.00% from 240.0 million.",
            must=("26,400|2.64亿|264", "10.00%|10%"), documents=(annual,),
        ),
        Question(
            kind="figure", zh="明远精密的流动比率？", en="What is Mingyuan's current ratio at year end 2025?",
            answer_zh="2025年末1.18（18,200÷15,400＝1.1818）。", answer_en="1.18 at 31 December 2025 (18,200 / 15,400 = 1.1818).",
            must=("1.18",), documents=(annual,),
        ),
        Question(
            kind="covenant", zh="明远精密杠杆指标现在达标吗？", en="Is Mingyuan's leverage covenant met?",
            answer_zh="未达标：2026年6月30日总债务/EBITDA为4.09倍（10,400÷2,540），高于C4限额4.00倍。",
            answer_en="No: at 30 June 2026 Total Debt/EBITDA is 4.09x (10,400 / 2,540), above the 4.00x limit of C4.",
            must=("4.09", "4.00"), documents=(half, papers["C4"][0]),
        ),
        Question(
            kind="covenant", zh="明远需要增加多少EBITDA才能满足4.00倍？", en="How much more EBITDA would Mingyuan need to meet 4.00x?",
            answer_zh="60万元（10,400÷4.00－2,540）。", answer_en="CNY 0.60 million (104.0 / 4.00 - 25.4).", must=("60|0.6",), documents=(half,),
        ),
        Question(
            kind="usage", zh="L001的钱用到哪里去了？有没有挪用？", en="Where did the money of L001 go? Was any of it misused?",
            answer_zh="按先进先出法，挪用1,152.27万元，占贷款的57.61%：关联方明远置业110万元、证券账户200万元、土地款792.27万元、结构性存款50万元；"
            "880万元经晟合贸易回流，占受托支付额的73.33%。",
            answer_en="By FIFO 11.52m, 57.61% of the loan, was misused: 1.10m to related Mingyuan Estate, 2.00m to securities, 7.92m for land and 0.50m "
            "to a structured deposit; 8.8m flowed back through Chenghe Trading, 73.33% of the entrusted payment.",
            must=("1,152.27|11.52|11,522,727", "57.61%"),
        ),
        Question(
            kind="notes", zh="最近一次走访明远精密看到几条产线开工？", en="How many lines were running at the last visit to Mingyuan?",
            answer_zh="2026年10月20日走访，6条产线开工4条，单班。", answer_en="On 20 October 2026, 4 of 6 lines were running, on one shift.",
            must=("4", "6"), documents=(autumn,),
        ),
        Question(
            kind="notes", zh="明远精密的走访记录和档案资料有哪些矛盾？", en="Where does Mingyuan's visit note contradict the file?",
            answer_zh="付土地款850万元未说明、与采购钢材用途不符；钢材账面1,180吨实盘1,062吨差10.0%；9月用电同比-34%而对方称检修；三季报未交。",
            answer_en="An unexplained 8.5m land payment against a loan for steel; 1,180 t of steel on the books, 1,062 t counted (-10.0%); September power "
            "-34% while \"maintenance\" is claimed; Q3 accounts not delivered.",
            must=("850|8.5", "1,062|1062", "34%"), documents=(autumn,),
        ),
        Question(
            kind="loans", zh="明远精密在我行还有多少贷款余额？有逾期吗？", en="What does Mingyuan owe us, and is anything past due?",
            answer_zh=f"余额{exposure:,}万元（L001 2,000、L002 1,380、L003 3,020），无逾期。",
            answer_en="CNY 64.0m (L001 20.0m, L002 13.8m, L003 30.2m); nothing past due.", must=("6,400|64",),
        ),
        Question(
            kind="figure", zh="2026年上半年明远的毛利率是多少？", en="What was Mingyuan's gross margin in the first half of 2026?",
            answer_zh=f"{margin}%。", answer_en=f"{margin}%.", must=(f"{margin}%",), documents=(half,),
        ),
        Question(
            kind="figure", zh="明远的EBITDA利息保障倍数（LTM，2026年6月）？", en="Mingyuan's EBITDA interest cover, LTM to June 2026?",
            answer_zh=f"{cover}倍。", answer_en=f"{cover}x.", must=(cover,), documents=(half,),
        ),
        Question(
            kind="covenant", zh="明远合规证明里的杠杆和我们算的一样吗？", en="Does the leverage in Mingyuan's compliance certificate agree with ours?",
            answer_zh="不一致：证明为3.94倍，未含租赁负债190万元且加回搬迁费用50万元；按合同定义为4.09倍，超限。",
            answer_en="No: it says 3.94x, leaving out leases of 1.9m and adding back 0.5m of moving costs; by the contract's definition it is 4.09x, a breach.",
            must=("3.94", "4.09"), documents=("C001_明远精密/财务指标合规证明_2026年半年度.pdf",),
        ),
        Question(
            kind="not_available", zh="明远2026年三季度收入多少？", en="What was Mingyuan's Q3 2026 revenue?",
            answer_zh="尚无：三季度报表未收到（要求10月15日前提供）。", answer_en="Not available: the Q3 accounts asked for by 15 October have not come.",
            must=("未收到|未提供|没有|ot available|not been received|have not come|here is no|missing",),
        ),
    )  # fmt: skip
