"""The books of 江州明远精密机械: exactly the handbook's figures (section 11), with what they leave open filled in so that all ties.

万元 in whole numbers. FY2023 and the half years are ours, except for the totals the handbook gives (assets and profit of 2023, revenue,
profit, interest and depreciation of both half years, debt at 30 June 2026).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.ledger import Amounts, Ledger

_BALANCES = """
                                       2023   2024   2025   2026H1
cash_and_equivalents                   2900   3200   2640   1700
restricted_cash                         500    600    840    800
short_term_investments                    0      0      0    300
notes_receivable                        450    480    520    460
accounts_receivable                    4900   5400   7020   7450
receivables_financing                   260    300    360    300
prepayments                             580    620    700    760
other_receivables                       340    380    760   1120
inventories                            4590   4800   5900   6350
other_current_assets                    195    220    300    280
long_term_equity_investments            500    500    500    500
ppe_net                                8240   8600   8900   8742
construction_in_progress                320    400    900   1020
right_of_use_assets                     360    300    240    210
intangible_assets                      1180   1100   1060   1018
deferred_tax_assets                      85    100    130    145
other_noncurrent_assets                 100    100     70    920
short_term_borrowings                  4700   5000   6400   7190
notes_payable                          1250   1200   1500   1600
accounts_payable                       3750   3600   4600   5050
contract_liabilities                    760    700    560    480
employee_benefits_payable               280    300    320    310
taxes_payable                           250    240    200    150
other_payables                          480    500    620    900
current_portion_noncurrent_liabilities  700    900   1100   1100
current_portion_lt_debt                 640    840   1040   1040
other_current_liabilities                70     60    100    100
long_term_borrowings                   2100   2400   2500   1980
lease_liabilities                       280    220    160    130
deferred_income                         130    130    120    115
deferred_tax_liabilities                 50     50     60     60
share_capital                          5000   5000   5000   5000
capital_surplus                        1200   1200   1200   1200
surplus_reserve                         355    500    612    612
undistributed_profit                   3395   4200   4608   4948
minority_interest                       250    300    340    350
contingent_guarantees                  1500   1800   2400   2400
"""

_FLOWS = """
                                       2023   2024   2025   2025H1 2026H1
revenue                               22400  24000  26400  12600  12000
cost_of_sales                         17136  18480  20856   9828   9660
taxes_and_surcharges                    134    144    158     76     72
selling_expenses                        896    960   1056    502    470
admin_expenses                         1344   1440   1584    742    700
rnd_expenses                            784    840    924    434    400
finance_costs_net                       405    430    520    240    290
interest_expense                        420    440    540    250    300
interest_income                          28     30     28     14     14
other_income                            110    120    100     52     46
investment_income                        18     20     16      8      8
credit_impairment_loss                   70     60    130     30     40
asset_impairment_loss                    50     40     70     20     20
asset_disposal_gains                      0      0     18      0      0
non_operating_income                     20     30    160    128     30
non_operating_expenses                   29     26     36     16     12
income_tax_expense                      400    250    200    130     70
minority_profit                          45     50     40     26     10
cash_from_customers                   25300  27000  27600  13100  12620
tax_refunds_received                     35     40     40     20     20
other_operating_cash_in                 150    160    180     86     88
cash_to_suppliers                     17800  19000  20600   9980   8930
cash_to_employees                      3050   3200   3400   1660   1720
taxes_paid                             1650   1600   1560    790    720
other_operating_cash_out               1605   1720   1884    566    626
investment_income_received               18     20     16      8      8
cash_from_asset_disposal                  0      0     60      0      0
capex                                  1250   1300   1752    848   1280
cash_for_investments                      0      0      0      0    300
borrowings_proceeds                    5900   6400   8900   4300   6000
debt_repaid                            5300   5600   7200   3474   5730
dividends_interest_paid                 908    928   1128    844    294
interest_paid                           420    440    540    250    300
dividends_paid                          500    500    600    600      0
other_financing_out                      72     72     72     36     36
cash_beginning                         2632   2400   2600   2600   1800
depreciation_ppe                        820    860    900    440    468
depreciation_rou                         60     60     60     30     30
amortization_intangibles                 80     80     80     40     42
x_disposal_loss                           0      0    -18      0      0
x_finance_costs                         420    440    540    250    300
x_investment_loss                       -18    -20    -16     -8     -8
x_deferred_tax_assets                   -10    -15    -30    -12    -15
x_deferred_tax_liabilities                5      0     10      6      0
x_inventories                          -430   -250  -1170   -420   -470
x_receivables                          -980   -735  -2390  -1010   -750
x_payables                               63   -240   1290    194    685
x_other                                 -50   -100   -240   -120     40
"""
_ENDS = {
    "2023": (date(2023, 12, 31), 12), "2024": (date(2024, 12, 31), 12), "2025": (date(2025, 12, 31), 12),
    "2025H1": (date(2025, 6, 30), 6), "2026H1": (date(2026, 6, 30), 6),
}  # fmt: skip
HUNDREDTH_OF_WAN = Decimal(100)


def mingyuan_ledger() -> Ledger:
    """The group's books; the ledger checks that they balance and that both cash flows agree."""
    ledger = Ledger("CNY", HUNDREDTH_OF_WAN)
    for name, lines in _columns(_BALANCES).items():
        ledger.add_balance(_ENDS[name][0], lines)
    for name, lines in _columns(_FLOWS).items():
        ledger.add_flow(*_ENDS[name], lines)
    for year, transfer, dividend in ((2024, 145, 500), (2025, 112, 600)):
        ledger.transfers[date(year, 12, 31), 12] = transfer * 100
        ledger.dividends[date(year, 12, 31), 12] = dividend * 100
    return ledger


def _columns(table: str) -> dict[str, Amounts]:
    heads, *rows = [line.split() for line in table.strip().splitlines()]
    return {head: {row[0]: int(row[index]) * 100 for row in rows} for index, head in enumerate(heads, 1)}
