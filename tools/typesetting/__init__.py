"""Fonts for everything that is drawn: charts, briefs and the sample bank share one open CJK face."""
