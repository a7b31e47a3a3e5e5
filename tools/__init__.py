"""Floor 1: the instruments: pure domain, rulebook, store, search, toolbox."""
