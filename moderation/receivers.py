"""Starts screening when an entry arrives."""
