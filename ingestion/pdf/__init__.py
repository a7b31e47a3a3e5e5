"""PDF files: opening, page text, words with boxes as displayed, ruling lines, pictures of pages."""
