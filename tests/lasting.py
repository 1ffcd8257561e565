"""Rows and files that outlast a test: made once for a module, seen by each of its tests, changed by none."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker


@contextlib.contextmanager
def lasting(blocker: DjangoDbBlocker, folder: Path) -> Iterator[contextlib.AbstractContextManager[object]]:
    """What is made within the block's own block lies in ``folder``, and in a transaction around those of the
    tests that is rolled back at the end::

        with lasting(django_db_blocker, tmp_path_factory.mktemp("media")) as making:
            with making:
                house = make_house()
            yield house

    To the database all these tests happen at one moment: its ``now()`` is when the transaction began.
    """
    with blocker.unblock(), transaction.atomic():
        yield override_settings(MEDIA_ROOT=str(folder))
        transaction.set_rollback(True)
