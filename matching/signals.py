"""What the registry tells whoever listens."""

from django.dispatch import Signal

# sender: Work. In the worker, after the work became matchable and while its original is still there. It may
# be sent again where a worker died: receivers do nothing twice.
work_examined = Signal()
