"""The examples behind the analyst's second opinion: fitting them and measuring what they are good for."""
