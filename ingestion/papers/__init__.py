"""Papers other than statements, contracts and notes: bank flows, credit reports, returns, bills, invoices, purchase contracts."""
