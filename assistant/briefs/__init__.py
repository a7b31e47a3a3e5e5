"""The monthly brief: one or two pages a person reads before a meeting, each number of which opens to its page."""
