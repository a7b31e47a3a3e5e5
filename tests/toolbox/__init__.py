"""The tools over a real store and loan book."""
