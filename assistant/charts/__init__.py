"""Small charts that say one thing each: laid out once, painted as SVG text, PNG bytes or into a PDF."""
