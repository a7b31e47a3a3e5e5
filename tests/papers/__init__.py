"""Papers other than statements: bank flows, vouchers, returns, reports, and what contradicts what."""
