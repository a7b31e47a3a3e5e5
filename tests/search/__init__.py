"""Search finds what stands in the documents, and nothing the caller may not see."""
