"""Floor 2: from files to facts and passages."""
