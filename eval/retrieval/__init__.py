"""Does search find the page that answers: questions with known pages over real filings, held against baselines in the same run."""
