"""Visit notes: their parts, and observations as structured facts with the sentence as source."""
