"""Measure a head on makers it was not trained on; print and draw what was measured."""
