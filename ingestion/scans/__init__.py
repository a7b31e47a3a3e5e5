"""Pages that are pictures: which pages those are, reading them, and putting misread digits right by arithmetic."""
