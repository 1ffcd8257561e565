"""The artist's pages, by family."""
