"""The forms statements are printed on: the rows of each, in order, in Chinese and English, and what each row is.

A row's name is its item in the chart, or a word of its own when the chart has none for it (its amounts must then stay unmapped).
Several wordings of one row are tried in turn. `adds` names the rows a total adds up, with a minus where it takes away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["head", "line", "of", "total"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `item` False: the chart has no such item; `sign` -1: printed negated; `often`: how often a company has it."""

    name: str
    words: tuple[str, ...]
    kind: Kind = "line"
    adds: tuple[str, ...] = ()
    item: bool = True
    sign: int = 1
    often: float = 1.0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One statement: its titles and rows. `halves`: the row with which the right half of a two-column balance sheet begins."""

    statement: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    halves: str = ""


def _head(words: str) -> Row:
    return Row("", (words,), "head")


def _line(name: str, *words: str, often: float = 1.0, sign: int = 1, item: bool = True, signed: bool = False) -> Row:
    return Row(name, words, "line", (), item, sign, often, signed)


def _of(name: str, *words: str, often: float = 0.6, item: bool = True) -> Row:
    return Row(name, words, "of", (), item, 1, often)


def _total(name: str, adds: str, *words: str, item: bool = True) -> Row:
    return Row(name, words, "total", tuple(adds.split()), item)


CAS_BALANCE = Form(
    "balance_sheet",
    ("资产负债表",),
    (
        _head("流动资产："),
        _line("cash_and_equivalents", "货币资金"),
        _line("short_term_investments", "交易性金融资产", often=0.5),
        _line("notes_receivable", "应收票据", often=0.7),
        _line("accounts_receivable", "应收账款"),
        _line("receivables_financing", "应收款项融资", often=0.5),
        _line("prepayments", "预付款项"),
        _line("other_receivables", "其他应收款"),
        _of("interest_receivable", "其中：应收利息", item=False),
        _line("inventories", "存货"),
        _line("contract_assets", "合同资产", often=0.4),
        _line("other_current_assets", "其他流动资产"),
        _total("total_current_assets", "", "流动资产合计"),
        _head("非流动资产："),
        _line("long_term_receivables", "长期应收款", often=0.3),
        _line("long_term_equity_investments", "长期股权投资", often=0.6),
        _line("investment_property", "投资性房地产", often=0.3),
        _line("ppe_net", "固定资产"),
        _line("construction_in_progress", "在建工程"),
        _line("right_of_use_assets", "使用权资产", often=0.6),
        _line("intangible_assets", "无形资产"),
        _line("goodwill", "商誉", often=0.4),
        _line("long_term_deferred_expenses", "长期待摊费用", often=0.5),
        _line("deferred_tax_assets", "递延所得税资产"),
        _line("other_noncurrent_assets", "其他非流动资产", often=0.6),
        _total("total_noncurrent_assets", "", "非流动资产合计"),
        _total("total_assets", "total_current_assets total_noncurrent_assets", "资产总计", "资产总额"),
        _head("流动负债："),
        _line("short_term_borrowings", "短期借款"),
        _line("notes_payable", "应付票据", often=0.6),
        _line("accounts_payable", "应付账款"),
        _line("contract_liabilities", "合同负债", often=0.7),
        _line("employee_benefits_payable", "应付职工薪酬"),
        _line("taxes_payable", "应交税费"),
        _line("other_payables", "其他应付款"),
        _of("interest_payable", "其中：应付利息"),
        _line("current_portion_noncurrent_liabilities", "一年内到期的非流动负债"),
        _line("other_current_liabilities", "其他流动负债", often=0.6),
        _total("total_current_liabilities", "", "流动负债合计"),
        _head("非流动负债："),
        _line("long_term_borrowings", "长期借款"),
        _line("bonds_payable", "应付债券", often=0.3),
        _line("lease_liabilities", "租赁负债", often=0.6),
        _line("deferred_income", "递延收益", often=0.6),
        _line("deferred_tax_liabilities", "递延所得税负债", often=0.5),
        _total("total_noncurrent_liabilities", "", "非流动负债合计"),
        _total("total_liabilities", "total_current_liabilities total_noncurrent_liabilities", "负债合计", "负债总计"),
        _head("所有者权益（或股东权益）："),
        _line("share_capital", "实收资本（或股本）", "股本"),
        _line("capital_surplus", "资本公积"),
        _line("treasury_stock", "减：库存股", often=0.3),
        _line("accumulated_oci", "其他综合收益", often=0.4, signed=True),
        _line("surplus_reserve", "盈余公积"),
        _line("undistributed_profit", "未分配利润", signed=True),
        _total(
            "equity_attributable_to_parent",
            "",
            "归属于母公司所有者权益（或股东权益）合计",
            "归属于母公司股东权益合计",
        ),
        _line("minority_interest", "少数股东权益"),
        _total(
            "total_equity", "equity_attributable_to_parent minority_interest", "所有者权益（或股东权益）合计", "股东权益合计"
        ),
        _total(
            "total_liabilities_and_equity",
            "total_liabilities total_equity",
            "负债和所有者权益（或股东权益）总计",
            "负债和股东权益总计",
        ),
    ),
    "短期借款",
)
CAS_INCOME = Form(
    "income_statement",
    ("利润表",),
    (
        _line("revenue", "一、营业收入"),
        _line("cost_of_sales", "减：营业成本"),
        _line("taxes_and_surcharges", "税金及附加"),
        _line("selling_expenses", "销售费用"),
        _line("admin_expenses", "管理费用"),
        _line("rnd_expenses", "研发费用", often=0.8),
        _line("finance_costs_net", "财务费用"),
        _of("interest_expense", "其中：利息费用", often=0.9),
        _of("interest_income", "利息收入", often=0.9),
        _line("other_income", "加：其他收益"),
        _line("investment_income", "投资收益（损失以“－”号填列）", often=0.7, signed=True),
        _line("fair_value_gains", "公允价值变动收益（损失以“－”号填列）", often=0.4, signed=True),
        _line("credit_impairment_loss", "信用减值损失（损失以“－”号填列）", sign=-1),
        _line("asset_impairment_loss", "资产减值损失（损失以“－”号填列）", sign=-1, often=0.7),
        _line("asset_disposal_gains", "资产处置收益（损失以“－”号填列）", often=0.6, signed=True),
        _total(
            "operating_profit",
            "revenue -cost_of_sales -taxes_and_surcharges -selling_expenses -admin_expenses -rnd_expenses -finance_costs_net "
            "other_income investment_income fair_value_gains -credit_impairment_loss -asset_impairment_loss asset_disposal_gains",
            "二、营业利润（亏损以“－”号填列）",
        ),
        _line("non_operating_income", "加：营业外收入"),
        _line("non_operating_expenses", "减：营业外支出"),
        _total(
            "profit_before_tax",
            "operating_profit non_operating_income -non_operating_expenses",
            "三、利润总额（亏损总额以“－”号填列）",
        ),
        _line("income_tax_expense", "减：所得税费用"),
        _total("net_profit", "profit_before_tax -income_tax_expense", "四、净利润（净亏损以“－”号填列）"),
        _total(
            "net_profit_to_parent", "net_profit -minority_profit", "归属于母公司股东的净利润", "1.归属于母公司所有者的净利润"
        ),
        _of("minority_profit", "少数股东损益", "2.少数股东损益", often=1.0),
    ),
)
CAS_CASH = Form(
    "cash_flow",
    ("现金流量表",),
    (
        _head("一、经营活动产生的现金流量："),
        _line("cash_from_customers", "销售商品、提供劳务收到的现金"),
        _line("tax_refunds_received", "收到的税费返还", often=0.7),
        _line("other_operating_cash_in", "收到其他与经营活动有关的现金"),
        _total(
            "operating_in",
            "cash_from_customers tax_refunds_received other_operating_cash_in",
            "经营活动现金流入小计",
            item=False,
        ),
        _line("cash_to_suppliers", "购买商品、接受劳务支付的现金"),
        _line("cash_to_employees", "支付给职工以及为职工支付的现金", "支付给职工及为职工支付的现金"),
        _line("taxes_paid", "支付的各项税费"),
        _line("other_operating_cash_out", "支付其他与经营活动有关的现金"),
        _total(
            "operating_out",
            "cash_to_suppliers cash_to_employees taxes_paid other_operating_cash_out",
            "经营活动现金流出小计",
            item=False,
        ),
        _total("net_cash_operating", "operating_in -operating_out", "经营活动产生的现金流量净额"),
        _head("二、投资活动产生的现金流量："),
        _line("investment_recovered", "收回投资收到的现金", often=0.5),
        _line("investment_income_received", "取得投资收益收到的现金", often=0.5),
        _line("cash_from_asset_disposal", "处置固定资产、无形资产和其他长期资产收回的现金净额"),
        _total(
            "investing_in",
            "investment_recovered investment_income_received cash_from_asset_disposal",
            "投资活动现金流入小计",
            item=False,
        ),
        _line("capex", "购建固定资产、无形资产和其他长期资产支付的现金"),
        _line("cash_for_investments", "投资支付的现金", often=0.5),
        _total("investing_out", "capex cash_for_investments", "投资活动现金流出小计", item=False),
        _total("net_cash_investing", "investing_in -investing_out", "投资活动产生的现金流量净额"),
        _head("三、筹资活动产生的现金流量："),
        _line("equity_proceeds", "吸收投资收到的现金", often=0.5),
        _line("borrowings_proceeds", "取得借款收到的现金"),
        _line("other_financing_in", "收到其他与筹资活动有关的现金", often=0.4),
        _total("financing_in", "equity_proceeds borrowings_proceeds other_financing_in", "筹资活动现金流入小计", item=False),
        _line("debt_repaid", "偿还债务支付的现金"),
        _line("dividends_interest_paid", "分配股利、利润或偿付利息支付的现金"),
        _line("other_financing_out", "支付其他与筹资活动有关的现金", often=0.5),
        _total("financing_out", "debt_repaid dividends_interest_paid other_financing_out", "筹资活动现金流出小计", item=False),
        _total("net_cash_financing", "financing_in -financing_out", "筹资活动产生的现金流量净额"),
        _line("fx_effect_on_cash", "四、汇率变动对现金及现金等价物的影响", often=0.6, signed=True),
        _total(
            "net_change_in_cash",
            "net_cash_operating net_cash_investing net_cash_financing fx_effect_on_cash",
            "五、现金及现金等价物净增加额",
        ),
        _line("cash_beginning", "加：期初现金及现金等价物余额"),
        _total("cash_ending", "net_change_in_cash cash_beginning", "六、期末现金及现金等价物余额"),
    ),
)
SMALL_BALANCE = Form(
    "balance_sheet",
    ("资产负债表",),
    (
        _head("流动资产："),
        _line("cash_and_equivalents", "货币资金"),
        _line("short_term_investments", "短期投资", often=0.4),
        _line("notes_receivable", "应收票据", often=0.6),
        _line("accounts_receivable", "应收账款"),
        _line("prepayments", "预付账款"),
        _line("other_receivables", "其他应收款"),
        _line("inventories", "存货"),
        _of("raw_materials", "其中：原材料", item=False),
        _of("finished_goods", "库存商品", item=False),
        _line("other_current_assets", "其他流动资产", often=0.5),
        _total("total_current_assets", "", "流动资产合计"),
        _head("非流动资产："),
        _line("long_term_equity_investments", "长期股权投资", often=0.3),
        _of("cost_of_assets", "固定资产原价", often=1.0, item=False),
        _of("depreciation", "减：累计折旧", often=1.0, item=False),
        _line("ppe_net", "固定资产账面价值"),
        _line("construction_in_progress", "在建工程", often=0.5),
        _line("intangible_assets", "无形资产", often=0.6),
        _line("long_term_deferred_expenses", "长期待摊费用", often=0.6),
        _line("other_noncurrent_assets", "其他非流动资产", often=0.4),
        _total("total_noncurrent_assets", "", "非流动资产合计"),
        _total("total_assets", "total_current_assets total_noncurrent_assets", "资产总计"),
        _head("流动负债："),
        _line("short_term_borrowings", "短期借款"),
        _line("notes_payable", "应付票据", often=0.5),
        _line("accounts_payable", "应付账款"),
        _line("advances_from_customers", "预收账款"),
        _line("employee_benefits_payable", "应付职工薪酬"),
        _line("taxes_payable", "应交税费"),
        _line("interest_payable", "应付利息", often=0.5),
        _line("dividends_payable", "应付利润", often=0.5),
        _line("other_payables", "其他应付款"),
        _line("other_current_liabilities", "其他流动负债", often=0.3),
        _total("total_current_liabilities", "", "流动负债合计"),
        _head("非流动负债："),
        _line("long_term_borrowings", "长期借款"),
        _line("long_term_payables", "长期应付款", often=0.4),
        _line("deferred_income", "递延收益", often=0.3),
        _total("total_noncurrent_liabilities", "", "非流动负债合计"),
        _total("total_liabilities", "total_current_liabilities total_noncurrent_liabilities", "负债合计"),
        _head("所有者权益（或股东权益）："),
        _line("share_capital", "实收资本（或股本）"),
        _line("capital_surplus", "资本公积", often=0.6),
        _line("surplus_reserve", "盈余公积", often=0.7),
        _line("undistributed_profit", "未分配利润", signed=True),
        _total("total_equity", "", "所有者权益（或股东权益）合计"),
        _total("total_liabilities_and_equity", "total_liabilities total_equity", "负债和所有者权益（或股东权益）总计"),
    ),
    "短期借款",
)
SMALL_INCOME = Form(
    "income_statement",
    ("利润表",),
    (
        _line("revenue", "一、营业收入"),
        _line("cost_of_sales", "减：营业成本"),
        _line("taxes_and_surcharges", "税金及附加", "营业税金及附加"),
        _of("city_tax", "其中：城市维护建设税", item=False),
        _of("education_levy", "教育费附加、矿产资源补偿费、排污费", item=False),
        _line("selling_expenses", "销售费用"),
        _of("advertising", "其中：广告费和业务宣传费", item=False),
        _line("admin_expenses", "管理费用"),
        _of("entertainment", "其中：业务招待费", item=False),
        _of("research", "研究费用", item=False),
        _line("finance_costs_net", "财务费用"),
        _of("interest_expense", "其中：利息费用（收入以“－”号填列）", often=0.9),
        _line("investment_income", "加：投资收益（损失以“－”号填列）", often=0.5, signed=True),
        _total(
            "operating_profit",
            "revenue -cost_of_sales -taxes_and_surcharges -selling_expenses -admin_expenses -finance_costs_net investment_income",
            "二、营业利润（亏损以“－”号填列）",
        ),
        _line("non_operating_income", "加：营业外收入"),
        _of("grants", "其中：政府补助", item=False),
        _line("non_operating_expenses", "减：营业外支出"),
        _of("bad_debts", "其中：坏账损失", item=False),
        _of("late_fees", "税收滞纳金", item=False),
        _total(
            "profit_before_tax",
            "operating_profit non_operating_income -non_operating_expenses",
            "三、利润总额（亏损总额以“－”号填列）",
        ),
        _line("income_tax_expense", "减：所得税费用"),
        _total("net_profit", "profit_before_tax -income_tax_expense", "四、净利润（净亏损以“－”号填列）"),
    ),
)
SMALL_CASH = Form(
    "cash_flow",
    ("现金流量表",),
    (
        _head("一、经营活动产生的现金流量："),
        _line("cash_from_customers", "销售产成品、商品、提供劳务收到的现金"),
        _line("other_operating_cash_in", "收到其他与经营活动有关的现金"),
        _line("cash_to_suppliers", "购买原材料、商品、接受劳务支付的现金"),
        _line("cash_to_employees", "支付的职工薪酬"),
        _line("taxes_paid", "支付的税费"),
        _line("other_operating_cash_out", "支付其他与经营活动有关的现金"),
        _total(
            "net_cash_operating",
            "cash_from_customers other_operating_cash_in -cash_to_suppliers -cash_to_employees -taxes_paid -other_operating_cash_out",
            "经营活动产生的现金流量净额",
        ),
        _head("二、投资活动产生的现金流量："),
        _line("investment_recovered", "收回短期投资、长期债券投资和长期股权投资收到的现金", often=0.4),
        _line("cash_from_asset_disposal", "处置固定资产、无形资产和其他非流动资产收回的现金净额", often=0.6),
        _line("capex", "购建固定资产、无形资产和其他非流动资产支付的现金"),
        _total("net_cash_investing", "investment_recovered cash_from_asset_disposal -capex", "投资活动产生的现金流量净额"),
        _head("三、筹资活动产生的现金流量："),
        _line("borrowings_proceeds", "取得借款收到的现金"),
        _line("equity_proceeds", "吸收投资者投资收到的现金", often=0.4),
        _line("debt_repaid", "偿还借款本金支付的现金"),
        _line("interest_paid", "偿还借款利息支付的现金"),
        _line("dividends_paid", "分配利润支付的现金", often=0.6),
        _total(
            "net_cash_financing",
            "borrowings_proceeds equity_proceeds -debt_repaid -interest_paid -dividends_paid",
            "筹资活动产生的现金流量净额",
        ),
        _total("net_change_in_cash", "net_cash_operating net_cash_investing net_cash_financing", "四、现金净增加额"),
        _line("cash_beginning", "加：期初现金余额"),
        _total("cash_ending", "net_change_in_cash cash_beginning", "五、期末现金余额"),
    ),
)
US_BALANCE = Form(
    "balance_sheet",
    ("CONSOLIDATED BALANCE SHEETS", "Consolidated Balance Sheets", "Condensed Consolidated Balance Sheets"),
    (
        _head("ASSETS"),
        _head("Current assets:"),
        _line("cash_and_equivalents", "Cash and cash equivalents"),
        _line("restricted_cash", "Restricted cash", often=0.3),
        _line("short_term_investments", "Marketable securities", "Short-term investments", often=0.6),
        _line(
            "accounts_receivable",
            "Accounts receivable, net of allowances of $12 and $9, respectively",
            "Trade receivables, net",
        ),
        _line("inventories", "Inventories", "Inventories, net"),
        _line("other_current_assets", "Prepaid expenses and other current assets"),
        _total("total_current_assets", "", "Total current assets"),
        _line("ppe_net", "Property, plant and equipment, net", "Property and equipment, less accumulated depreciation"),
        _line("right_of_use_assets", "Operating lease right-of-use assets", often=0.7),
        _line("goodwill", "Goodwill"),
        _line("intangible_assets", "Intangible assets, net", "Other intangible assets, net"),
        _line("deferred_tax_assets", "Deferred income taxes", "Deferred tax assets", often=0.5),
        _line("other_noncurrent_assets", "Other assets", "Other long-term assets"),
        _total("total_assets", "^", "Total assets", "TOTAL ASSETS"),
        _head("LIABILITIES AND STOCKHOLDERS’ EQUITY"),
        _head("Current liabilities:"),
        _line("short_term_borrowings", "Short-term borrowings", "Short-term debt", often=0.6),
        _line("current_portion_lt_debt", "Current portion of long-term debt", "Current maturities of long-term debt"),
        _line("accounts_payable", "Accounts payable"),
        _line("other_payables", "Accrued expenses and other current liabilities"),
        _line("contract_liabilities", "Deferred revenue", often=0.6),
        _total("total_current_liabilities", "", "Total current liabilities"),
        _line("long_term_borrowings", "Long-term debt, net of current portion", "Long-term debt"),
        _line(
            "lease_liabilities", "Operating lease liabilities, non-current", "Long-term operating lease liabilities", often=0.7
        ),
        _line("deferred_tax_liabilities", "Deferred tax liabilities", often=0.5),
        _line("other_noncurrent_liabilities", "Other long-term liabilities", "Other liabilities"),
        _total("total_liabilities", "^", "Total liabilities"),
        _head("Commitments and contingencies (Note 14)"),
        _head("Stockholders’ equity:"),
        _line("share_capital", "Common stock, $0.01 par value; 400 shares authorized; 212 and 215 shares issued"),
        _line("capital_surplus", "Additional paid-in capital"),
        _line("treasury_stock", "Treasury stock, at cost", often=0.5, sign=-1),
        _line(
            "accumulated_oci",
            "Accumulated other comprehensive loss",
            "Accumulated other comprehensive income (loss)",
            signed=True,
        ),
        _line("undistributed_profit", "Retained earnings", "Accumulated deficit", signed=True),
        _total("total_equity", "", "Total stockholders’ equity", "Total shareholders’ equity"),
        _total("total_liabilities_and_equity", "total_liabilities total_equity", "Total liabilities and stockholders’ equity"),
    ),
)
US_INCOME = Form(
    "income_statement",
    (
        "CONSOLIDATED STATEMENTS OF OPERATIONS",
        "Consolidated Statements of Income",
        "Condensed Consolidated Statements of Earnings",
    ),
    (
        _line("revenue", "Net sales", "Revenues", "Total revenue"),
        _line("cost_of_sales", "Cost of goods sold", "Cost of sales", "Cost of revenue"),
        _total("gross_profit", "revenue -cost_of_sales", "Gross profit", "Gross margin"),
        _head("Operating expenses:"),
        _line("sga_expenses", "Selling, general and administrative"),
        _line("rnd_expenses", "Research and development", often=0.7),
        _line("restructuring", "Restructuring charges", item=False, often=0.4),
        _total("operating_expenses", "sga_expenses rnd_expenses restructuring", "Total operating expenses", item=False),
        _total("operating_profit", "gross_profit -operating_expenses", "Operating income", "Income from operations"),
        _line("interest_expense", "Interest expense", sign=-1),
        _line("interest_income", "Interest income", often=0.5),
        _line("non_operating_income", "Other income (expense), net", signed=True),
        _total(
            "profit_before_tax",
            "operating_profit -interest_expense interest_income non_operating_income",
            "Income before income taxes",
            "Income before provision for income taxes",
        ),
        _line("income_tax_expense", "Provision for income taxes", "Income tax expense"),
        _total("net_profit", "profit_before_tax -income_tax_expense", "Net income"),
    ),
)
US_CASH = Form(
    "cash_flow",
    ("CONSOLIDATED STATEMENTS OF CASH FLOWS", "Consolidated Statements of Cash Flows"),
    (
        _head("Cash flows from operating activities:"),
        _line("net_profit_cf", "Net income", item=False),
        _head("Adjustments to reconcile net income to net cash provided by operating activities:"),
        _line("depreciation_amortization", "Depreciation and amortization"),
        _line("sbc", "Stock-based compensation", item=False),
        _line("receivables_change", "Accounts receivable", item=False, signed=True),
        _line("inventories_change", "Inventories", item=False, signed=True),
        _line("payables_change", "Accounts payable", item=False, signed=True),
        _total("net_cash_operating", "", "Net cash provided by operating activities"),
        _head("Cash flows from investing activities:"),
        _line("capex", "Purchases of property, plant and equipment", "Capital expenditures", sign=-1),
        _line("acquisitions_net", "Acquisitions, net of cash acquired", often=0.5, sign=-1),
        _line("investment_recovered", "Proceeds from sales of marketable securities", often=0.5),
        _total("net_cash_investing", "-capex -acquisitions_net investment_recovered", "Net cash used in investing activities"),
        _head("Cash flows from financing activities:"),
        _line("borrowings_proceeds", "Proceeds from issuance of long-term debt", "Proceeds from borrowings"),
        _line("debt_repaid", "Repayments of long-term debt", "Repayment of borrowings", sign=-1),
        _line("dividends_paid", "Dividends paid", "Cash dividends paid", sign=-1),
        _line("buybacks", "Repurchases of common stock", sign=-1, item=False),
        _total(
            "net_cash_financing",
            "borrowings_proceeds -debt_repaid -dividends_paid -buybacks",
            "Net cash used in financing activities",
            "Net cash provided by (used in) financing activities",
        ),
        _line("fx_effect_on_cash", "Effect of exchange rate changes on cash", often=0.7, signed=True),
        _total(
            "net_change_in_cash",
            "net_cash_operating net_cash_investing net_cash_financing fx_effect_on_cash",
            "Net increase (decrease) in cash and cash equivalents",
        ),
        _line(
            "cash_beginning", "Cash and cash equivalents at beginning of period", "Cash and cash equivalents, beginning of year"
        ),
        _total(
            "cash_ending",
            "net_change_in_cash cash_beginning",
            "Cash and cash equivalents at end of period",
            "Cash and cash equivalents, end of year",
        ),
    ),
)
IFRS_BALANCE = Form(
    "balance_sheet",
    (
        "Consolidated statement of financial position",
        "Consolidated balance sheet",
        "CONSOLIDATED STATEMENT OF FINANCIAL POSITION",
    ),
    (
        _head("Non-current assets"),
        _line("ppe_net", "Property, plant and equipment"),
        _line("right_of_use_assets", "Right-of-use assets", often=0.8),
        _line("goodwill", "Goodwill", often=0.6),
        _line("intangible_assets", "Intangible assets", "Other intangible assets"),
        _line(
            "long_term_equity_investments", "Investments in associates", "Interests in associates and joint ventures", often=0.5
        ),
        _line("deferred_tax_assets", "Deferred tax assets"),
        _total("total_noncurrent_assets", "", "Total non-current assets"),
        _head("Current assets"),
        _line("inventories", "Inventories"),
        _line("accounts_receivable", "Trade and other receivables"),
        _line("cash_and_equivalents", "Cash and cash equivalents", "Cash and bank balances"),
        _total("total_current_assets", "", "Total current assets"),
        _total("total_assets", "total_noncurrent_assets total_current_assets", "Total assets"),
        _head("Current liabilities"),
        _line("accounts_payable", "Trade and other payables"),
        _line("short_term_borrowings", "Bank borrowings", "Borrowings", "Interest-bearing bank borrowings"),
        _line("current_portion_noncurrent_liabilities", "Lease liabilities", often=0.8),
        _line("taxes_payable", "Current tax liabilities", "Tax payable"),
        _total("total_current_liabilities", "", "Total current liabilities"),
        _head("Non-current liabilities"),
        _line("long_term_borrowings", "Bank borrowings", "Borrowings", "Interest-bearing bank borrowings"),
        _line("lease_liabilities", "Lease liabilities", often=0.8),
        _line("deferred_tax_liabilities", "Deferred tax liabilities"),
        _line("provisions", "Provisions", often=0.6),
        _total("total_noncurrent_liabilities", "", "Total non-current liabilities"),
        _total("total_liabilities", "total_current_liabilities total_noncurrent_liabilities", "Total liabilities"),
        _total("net_assets", "total_assets -total_liabilities", "Net assets", item=False),
        _head("Equity"),
        _line("share_capital", "Share capital"),
        _line("capital_surplus", "Share premium", often=0.8),
        _line("other_reserves", "Other reserves", item=False),
        _line("undistributed_profit", "Retained earnings", signed=True),
        _total("equity_attributable_to_parent", "", "Equity attributable to owners of the Company"),
        _line("minority_interest", "Non-controlling interests"),
        _total("total_equity", "equity_attributable_to_parent minority_interest", "Total equity"),
    ),
)
IFRS_INCOME = Form(
    "income_statement",
    ("Consolidated income statement", "CONSOLIDATED STATEMENT OF PROFIT OR LOSS", "Consolidated statement of profit or loss"),
    (
        _line("revenue", "Revenue", "Turnover"),
        _line("cost_of_sales", "Cost of sales", sign=-1),
        _total("gross_profit", "revenue -cost_of_sales", "Gross profit"),
        _line("other_income", "Other income", often=0.6),
        _line("selling_expenses", "Distribution costs", "Selling and distribution expenses", sign=-1),
        _line("admin_expenses", "Administrative expenses", sign=-1),
        _total(
            "operating_profit",
            "gross_profit other_income -selling_expenses -admin_expenses",
            "Operating profit",
            "Profit from operations",
        ),
        _line("interest_income", "Finance income", sign=1, often=0.6),
        _line("finance_costs_net", "Finance costs", sign=-1),
        _line("share_of_associates", "Share of results of associates", often=0.4, signed=True),
        _total(
            "profit_before_tax",
            "operating_profit interest_income -finance_costs_net share_of_associates",
            "Profit before taxation",
            "Profit before tax",
            "Profit before income tax",
        ),
        _line("income_tax_expense", "Taxation", "Income tax expense", "Tax charge", sign=-1),
        _total("net_profit", "profit_before_tax -income_tax_expense", "Profit for the year", "Profit for the period"),
        _head("Attributable to:"),
        _total("net_profit_to_parent", "net_profit -minority_profit", "Owners of the Company", "Equity holders of the parent"),
        _of("minority_profit", "Non-controlling interests", often=1.0),
    ),
)
IFRS_CASH = Form(
    "cash_flow",
    ("Consolidated statement of cash flows", "Consolidated cash flow statement", "CONSOLIDATED STATEMENT OF CASH FLOWS"),
    (
        _head("Cash flows from operating activities"),
        _line("generated", "Cash generated from operations", item=False),
        _line("taxes_paid", "Income taxes paid", "Tax paid", sign=-1),
        _total(
            "net_cash_operating",
            "generated -taxes_paid",
            "Net cash generated from operating activities",
            "Net cash from operating activities",
        ),
        _head("Cash flows from investing activities"),
        _line("capex", "Purchase of property, plant and equipment", sign=-1),
        _line("cash_from_asset_disposal", "Proceeds from disposal of property, plant and equipment"),
        _total("net_cash_investing", "-capex cash_from_asset_disposal", "Net cash used in investing activities"),
        _head("Cash flows from financing activities"),
        _line("borrowings_proceeds", "Proceeds from borrowings", "New bank loans raised"),
        _line("debt_repaid", "Repayment of borrowings", "Repayments of bank loans", sign=-1),
        _line("dividends_paid", "Dividends paid", "Dividends paid to owners of the Company", sign=-1),
        _line("interest_paid", "Interest paid", sign=-1),
        _total(
            "net_cash_financing",
            "borrowings_proceeds -debt_repaid -dividends_paid -interest_paid",
            "Net cash used in financing activities",
        ),
        _total(
            "net_change_in_cash",
            "net_cash_operating net_cash_investing net_cash_financing",
            "Net increase in cash and cash equivalents",
            "Net increase/(decrease) in cash and cash equivalents",
        ),
        _line("cash_beginning", "Cash and cash equivalents at beginning of year", "Cash and cash equivalents at 1 January"),
        _line("fx_effect_on_cash", "Effect of foreign exchange rate changes", signed=True),
        _total(
            "cash_ending",
            "net_change_in_cash cash_beginning fx_effect_on_cash",
            "Cash and cash equivalents at end of year",
            "Cash and cash equivalents at the end of the year",
        ),
    ),
)
FORMS = {
    "cas": (CAS_BALANCE, CAS_INCOME, CAS_CASH),
    "small": (SMALL_BALANCE, SMALL_INCOME, SMALL_CASH),
    "us": (US_BALANCE, US_INCOME, US_CASH),
    "ifrs": (IFRS_BALANCE, IFRS_INCOME, IFRS_CASH),
}
