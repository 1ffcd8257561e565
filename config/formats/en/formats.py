"""English dates: Django's own times end in "p.m.", and a sentence that ends in one would end in two stops."""

DATETIME_FORMAT = "N j, Y, g:i A"
SHORT_DATETIME_FORMAT = "m/d/Y g:i A"
TIME_FORMAT = "g:i A"
