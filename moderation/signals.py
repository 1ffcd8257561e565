"""What others may want to know of the desk."""

from django.dispatch import Signal

decided = Signal()
"""A person closed a case: ``case``, ``decision``, ``remarks`` (what else they said, by name). Sent in the
transaction of the decision, after the entry has moved to where it says."""

taken_back = Signal()
"""A person took their decision back: ``case``, opened anew, and ``decision``. Sent in that transaction, after
the entry has gone back to wait."""
