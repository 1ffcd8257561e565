"""What submissions tells whoever listens."""

from django.dispatch import Signal

entry_received = Signal()  # sender: Entry, the row that was handed in; sent after the commit
