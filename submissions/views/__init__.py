"""The pages of visitors and entrants, by family."""
