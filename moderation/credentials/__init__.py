"""Content Credentials around the reader: what is kept of them, whom an organization trusts, what it signs."""
