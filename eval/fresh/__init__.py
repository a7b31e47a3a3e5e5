"""Questions written by someone who has not read the product's code, with answers computed from the sample bank's own files."""
