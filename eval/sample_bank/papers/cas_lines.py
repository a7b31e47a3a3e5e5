"""The lines of Chinese statements in the order of the 2019 general-enterprise format, blanks included.

Companies print the whole form and leave empty what they do not have, so a reader meets blank cells that only the subtotal proves to be zero.
Losses and impairments are printed with the sign the form asks for ("损失以“-”号填列").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["head", "line", "of", "sub", "total"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `sign` -1 prints the stored amount negated; `of` is an of-which row that adds to nothing."""

    label: str
    item: str = ""
    kind: Kind = "line"
    sign: int = 1


ASSETS = (
    Line("流动资产：", kind="head"),
    Line("货币资金", "cash_and_equivalents"),
    Line("结算备付金"),
    Line("拆出资金"),
    Line("交易性金融资产", "short_term_investments"),
    Line("衍生金融资产"),
    Line("应收票据", "notes_receivable"),
    Line("应收账款", "accounts_receivable"),
    Line("应收款项融资", "receivables_financing"),
    Line("预付款项", "prepayments"),
    Line("其他应收款", "other_receivables"),
    Line("其中：应收利息", kind="of"),
    Line("应收股利", kind="of"),
    Line("存货", "inventories"),
    Line("合同资产", "contract_assets"),
    Line("持有待售资产"),
    Line("一年内到期的非流动资产"),
    Line("其他流动资产", "other_current_assets"),
    Line("流动资产合计", "total_current_assets", "sub"),
    Line("非流动资产：", kind="head"),
    Line("债权投资"),
    Line("其他债权投资"),
    Line("长期应收款"),
    Line("长期股权投资", "long_term_equity_investments"),
    Line("其他权益工具投资"),
    Line("其他非流动金融资产"),
    Line("投资性房地产", "investment_property"),
    Line("固定资产", "ppe_net"),
    Line("在建工程", "construction_in_progress"),
    Line("生产性生物资产"),
    Line("使用权资产", "right_of_use_assets"),
    Line("无形资产", "intangible_assets"),
    Line("开发支出"),
    Line("商誉", "goodwill"),
    Line("长期待摊费用", "long_term_deferred_expenses"),
    Line("递延所得税资产", "deferred_tax_assets"),
    Line("其他非流动资产", "other_noncurrent_assets"),
    Line("非流动资产合计", "total_noncurrent_assets", "sub"),
    Line("资产总计", "total_assets", "total"),
)

LIABILITIES = (
    Line("流动负债：", kind="head"),
    Line("短期借款", "short_term_borrowings"),
    Line("交易性金融负债"),
    Line("衍生金融负债"),
    Line("应付票据", "notes_payable"),
    Line("应付账款", "accounts_payable"),
    Line("预收款项"),
    Line("合同负债", "contract_liabilities"),
    Line("应付职工薪酬", "employee_benefits_payable"),
    Line("应交税费", "taxes_payable"),
    Line("其他应付款", "other_payables"),
    Line("其中：应付利息", kind="of"),
    Line("应付股利", kind="of"),
    Line("持有待售负债"),
    Line("一年内到期的非流动负债", "current_portion_noncurrent_liabilities"),
    Line("其他流动负债", "other_current_liabilities"),
    Line("流动负债合计", "total_current_liabilities", "sub"),
    Line("非流动负债：", kind="head"),
    Line("长期借款", "long_term_borrowings"),
    Line("应付债券", "bonds_payable"),
    Line("租赁负债", "lease_liabilities"),
    Line("长期应付款"),
    Line("长期应付职工薪酬"),
    Line("预计负债"),
    Line("递延收益", "deferred_income"),
    Line("递延所得税负债", "deferred_tax_liabilities"),
    Line("其他非流动负债"),
    Line("非流动负债合计", "total_noncurrent_liabilities", "sub"),
    Line("负债合计", "total_liabilities", "total"),
)

EQUITY = (
    Line("所有者权益（或股东权益）：", kind="head"),
    Line("实收资本（或股本）", "share_capital"),
    Line("其他权益工具"),
    Line("资本公积", "capital_surplus"),
    Line("减：库存股"),
    Line("其他综合收益", "accumulated_oci"),
    Line("专项储备"),
    Line("盈余公积", "surplus_reserve"),
    Line("未分配利润", "undistributed_profit"),
    Line("归属于母公司所有者权益合计", "equity_attributable_to_parent", "sub"),
    Line("少数股东权益", "minority_interest"),
    Line("所有者权益合计", "total_equity", "sub"),
    Line("负债和所有者权益总计", "total_liabilities_and_equity", "total"),
)
_GROUP_ONLY = {"equity_attributable_to_parent", "minority_interest", "net_profit_to_parent", "minority_profit"}

INCOME = (
    Line("一、营业收入", "revenue", "sub"),
    Line("减：营业成本", "cost_of_sales"),
    Line("税金及附加", "taxes_and_surcharges"),
    Line("销售费用", "selling_expenses"),
    Line("管理费用", "admin_expenses"),
    Line("研发费用", "rnd_expenses"),
    Line("财务费用", "finance_costs_net"),
    Line("其中：利息费用", "interest_expense", "of"),
    Line("利息收入", "interest_income", "of"),
    Line("加：其他收益", "other_income"),
    Line("投资收益（损失以“-”号填列）", "investment_income"),
    Line("其中：对联营企业和合营企业的投资收益", kind="of"),
    Line("公允价值变动收益（损失以“-”号填列）", "fair_value_gains"),
    Line("信用减值损失（损失以“-”号填列）", "credit_impairment_loss", sign=-1),
    Line("资产减值损失（损失以“-”号填列）", "asset_impairment_loss", sign=-1),
    Line("资产处置收益（损失以“-”号填列）", "asset_disposal_gains"),
    Line("二、营业利润（亏损以“-”号填列）", "operating_profit", "sub"),
    Line("加：营业外收入", "non_operating_income"),
    Line("减：营业外支出", "non_operating_expenses"),
    Line("三、利润总额（亏损总额以“-”号填列）", "profit_before_tax", "sub"),
    Line("减：所得税费用", "income_tax_expense"),
    Line("四、净利润（净亏损以“-”号填列）", "net_profit", "sub"),
    Line("（一）按经营持续性分类", kind="head"),
    Line("1.持续经营净利润（净亏损以“-”号填列）", "x_continuing", "of"),
    Line("2.终止经营净利润（净亏损以“-”号填列）", kind="of"),
    Line("（二）按所有权归属分类", kind="head"),
    Line("1.归属于母公司所有者的净利润", "net_profit_to_parent", "of"),
    Line("2.少数股东损益", "minority_profit", "of"),
    Line("五、其他综合收益的税后净额", "other_comprehensive_income"),
    Line("六、综合收益总额", "total_comprehensive_income", "sub"),
)

CASH = (
    Line("一、经营活动产生的现金流量：", kind="head"),
    Line("销售商品、提供劳务收到的现金", "cash_from_customers"),
    Line("收到的税费返还", "tax_refunds_received"),
    Line("收到其他与经营活动有关的现金", "other_operating_cash_in"),
    Line("经营活动现金流入小计", "x_net_cash_operating_in", "sub"),
    Line("购买商品、接受劳务支付的现金", "cash_to_suppliers"),
    Line("支付给职工以及为职工支付的现金", "cash_to_employees"),
    Line("支付的各项税费", "taxes_paid"),
    Line("支付其他与经营活动有关的现金", "other_operating_cash_out"),
    Line("经营活动现金流出小计", "x_net_cash_operating_out", "sub"),
    Line("经营活动产生的现金流量净额", "net_cash_operating", "sub"),
    Line("二、投资活动产生的现金流量：", kind="head"),
    Line("收回投资收到的现金", "investment_recovered"),
    Line("取得投资收益收到的现金", "investment_income_received"),
    Line("处置固定资产、无形资产和其他长期资产收回的现金净额", "cash_from_asset_disposal"),
    Line("收到其他与投资活动有关的现金", "other_investing_in"),
    Line("投资活动现金流入小计", "x_net_cash_investing_in", "sub"),
    Line("购建固定资产、无形资产和其他长期资产支付的现金", "capex"),
    Line("投资支付的现金", "cash_for_investments"),
    Line("支付其他与投资活动有关的现金", "other_investing_out"),
    Line("投资活动现金流出小计", "x_net_cash_investing_out", "sub"),
    Line("投资活动产生的现金流量净额", "net_cash_investing", "sub"),
    Line("三、筹资活动产生的现金流量：", kind="head"),
    Line("吸收投资收到的现金", "equity_proceeds"),
    Line("取得借款收到的现金", "borrowings_proceeds"),
    Line("收到其他与筹资活动有关的现金", "other_financing_in"),
    Line("筹资活动现金流入小计", "x_net_cash_financing_in", "sub"),
    Line("偿还债务支付的现金", "debt_repaid"),
    Line("分配股利、利润或偿付利息支付的现金", "dividends_interest_paid"),
    Line("支付其他与筹资活动有关的现金", "other_financing_out"),
    Line("筹资活动现金流出小计", "x_net_cash_financing_out", "sub"),
    Line("筹资活动产生的现金流量净额", "net_cash_financing", "sub"),
    Line("四、汇率变动对现金及现金等价物的影响", "fx_effect_on_cash"),
    Line("五、现金及现金等价物净增加额", "net_change_in_cash", "sub"),
    Line("加：期初现金及现金等价物余额", "cash_beginning"),
    Line("六、期末现金及现金等价物余额", "cash_ending", "total"),
)

SUPPLEMENT = (
    Line("1.将净利润调节为经营活动现金流量：", kind="head"),
    Line("净利润", "net_profit"),
    Line("加：资产减值准备", "asset_impairment_loss"),
    Line("信用减值损失", "credit_impairment_loss"),
    Line("固定资产折旧", "depreciation_ppe"),
    Line("使用权资产折旧", "depreciation_rou"),
    Line("无形资产摊销", "amortization_intangibles"),
    Line("长期待摊费用摊销", "amortization_lt_deferred"),
    Line("处置固定资产、无形资产和其他长期资产的损失（收益以“-”号填列）", "x_disposal_loss"),
    Line("公允价值变动损失（收益以“-”号填列）", "x_fair_value_loss"),
    Line("财务费用（收益以“-”号填列）", "x_finance_costs"),
    Line("投资损失（收益以“-”号填列）", "x_investment_loss"),
    Line("递延所得税资产减少（增加以“-”号填列）", "x_deferred_tax_assets"),
    Line("递延所得税负债增加（减少以“-”号填列）", "x_deferred_tax_liabilities"),
    Line("存货的减少（增加以“-”号填列）", "x_inventories"),
    Line("经营性应收项目的减少（增加以“-”号填列）", "x_receivables"),
    Line("经营性应付项目的增加（减少以“-”号填列）", "x_payables"),
    Line("其他（受限货币资金的增减）", "x_other"),
    Line("经营活动产生的现金流量净额", "net_cash_operating", "sub"),
    Line("2.现金及现金等价物净变动情况：", kind="head"),
    Line("现金的期末余额", "cash_ending"),
    Line("减：现金的期初余额", "cash_beginning"),
    Line("现金及现金等价物净增加额", "net_change_in_cash", "sub"),
)


def for_scope(lines: tuple[Line, ...], scope: str) -> tuple[Line, ...]:
    """The form as a single company prints it: without the owners-of-the-group rows."""
    if scope == "consolidated":
        return lines
    return tuple(line for line in lines if line.item not in _GROUP_ONLY and "所有权归属" not in line.label)
