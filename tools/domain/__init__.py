"""Pure money, periods, facts, figures and their arithmetic: no I/O, no clock, no float."""
