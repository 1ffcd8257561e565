"""What artists send."""
