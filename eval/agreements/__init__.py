"""Whole loan agreements with schedules, definitions and amendments, set as PDF and DOCX, and what each says."""
