"""What submissions tells whoever listens. Each is sent after the commit."""

from django.dispatch import Signal

entry_received = Signal()  # sender: Entry, the row that was handed in
picture_added = Signal()  # sender: FileReading, the empty row of a draft's new picture
dry_run_asked = Signal()  # sender: DryRun
