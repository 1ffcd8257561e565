"""Appeals from filing to restoration: what may be appealed, by whom it is decided, and how it ends."""
