"""Documents: readers, recognition, passages, visit notes, contracts, and the pipeline that files them."""
