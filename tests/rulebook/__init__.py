"""The rulebook: loading, refusing, words."""
