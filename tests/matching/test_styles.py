"""Portfolios by style follow the works that come and go; entries ask what is kept."""

import os
from datetime import timedelta

import numpy as np
import pytest
from django.db import IntegrityError
from django.utils import timezone

from matching import registry, styles
from matching.encoding import dimension, encoder, identities, identity, style_identity, style_space
from matching.engine.encoder import Encoded
from matching.engine.features import extract
from matching.engine.images import open_picture
from matching.engine.style import DIMENSION, Vectors
from matching.models import (
    Artist,
    Change,
    PortfolioStyle,
    Quarantine,
    QuarantineReason,
    StyleFollowed,
    Work,
    WorkState,
    WorkVector,
)
from matching.registry import changes
from matching.tasks import portray
from tests.factories import make_user
from tests.matching.factories import make_artist, make_matchable_work
from tests.pictures import as_file, draw, plain

NO_FEATURES = extract(open_picture(as_file(plain()))).to_bytes()

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]


def unit(vectors: np.ndarray) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def seen(seed: int = 1) -> Encoded:
    return encoder().encode([draw(seed, 320, 240)])


def make_portfolio(count: int, *, like: Encoded, artist: Artist | None = None, spread: float = 0.7) -> Artist:
    """An artist with ``count`` works around the style of ``like``: rows as a worker leaves them, unseen."""
    artist = artist or make_artist()
    middle = style_space()(like)
    noise = np.random.default_rng(Work.objects.count()).normal(size=(count, DIMENSION))
    for vector in unit(middle + spread * unit(noise)):
        work = Work.objects.create(
            artist=artist,
            sha256=f"{Work.objects.count():064}",
            state=WorkState.MATCHABLE,
            matchable_since=timezone.now(),
            pdq=os.urandom(32),
            features=NO_FEATURES,
        )
        other = unit(np.random.default_rng(work.pk).normal(size=dimension()))
        for name, row in ((identity(), other), (style_identity(), vector)):
            WorkVector.objects.create(work=work, identity=name, vector=row.astype("<f2").tobytes())
        changes.note(work, Change.Kind.ADDED)
    return artist


def test_a_work_that_is_read_gets_a_style_vector_in_the_same_pass() -> None:
    work = make_matchable_work()

    assert set(work.vectors.values_list("identity", flat=True)) == set(identities())
    assert len(identities()) == 2


@pytest.mark.parametrize(("works", "portfolios"), [(7, 0), (8, 1), (30, 1)])
def test_below_eight_works_there_is_silence(works: int, portfolios: int) -> None:
    make_portfolio(works, like=seen())

    styles.follow()
    compared = styles.compare(seen())

    assert PortfolioStyle.objects.count() == compared.portfolios == portfolios
    assert (compared.nearest is not None) is bool(portfolios)


def test_the_portfolio_that_a_picture_resembles_is_named_and_no_other() -> None:
    artist = make_portfolio(12, like=seen(1))
    make_portfolio(12, like=seen(2))
    styles.follow()

    nearest = styles.compare(seen(1)).nearest

    assert nearest is not None
    assert (nearest.artist, nearest.works, nearest.portfolios) == (artist, 12, 2)
    assert 0.99 <= nearest.share <= 1


def test_an_entrant_does_not_resemble_themselves() -> None:
    entrant = make_user()
    make_portfolio(12, like=seen(), artist=make_artist(owner=entrant))
    styles.follow()

    assert styles.compare(seen()).nearest is not None
    assert styles.compare(seen(), exclude_owner=entrant) == styles.Compared(
        0, None, styles.compare(seen()).version
    )


def test_a_withdrawn_work_leaves_the_portrait() -> None:
    artist = make_portfolio(8, like=seen())
    styles.follow()
    work = artist.works.first()
    assert work is not None

    registry.withdraw(work)
    styles.follow()

    assert not PortfolioStyle.objects.exists()
    assert styles.compare(seen()).portfolios == 0


def test_works_of_one_portfolio_are_strangers_to_the_others_until_they_are_withdrawn() -> None:
    make_portfolio(12, like=seen(1))
    school = make_portfolio(16, like=seen(1))
    styles.follow()
    beside = styles.compare(seen(1)).nearest

    for work in school.works.all():
        registry.withdraw(work)
    styles.follow()
    alone = styles.compare(seen(1)).nearest

    assert beside is not None
    assert alone is not None
    assert beside.strangers - alone.strangers in (12, 16)  # the works of whichever was not named
    assert alone.strangers >= 99


def test_doubted_works_and_works_of_nobody_make_no_portrait() -> None:
    doubted, nobodys = make_portfolio(8, like=seen(1)), make_portfolio(9, like=seen(2))
    Quarantine.objects.create(work=doubted.works.all()[0], reason=QuarantineReason.CONFLICT)
    Artist.objects.filter(pk=nobodys.pk).update(public_domain=True)

    styles.follow()

    assert not PortfolioStyle.objects.exists()


def test_a_portfolio_is_worked_out_when_it_changes_and_not_before() -> None:
    artist = make_portfolio(9, like=seen())
    assert styles.follow() == 1
    first = PortfolioStyle.objects.get()

    assert styles.follow() == 0
    make_portfolio(1, like=seen(), artist=artist)
    assert styles.follow() == 1

    second = PortfolioStyle.objects.get()
    assert (first.works, second.works) == (9, 10)
    assert second.at > first.at


def test_an_old_portrait_is_worked_out_anew() -> None:
    artist = make_portfolio(9, like=seen())
    styles.follow()
    PortfolioStyle.objects.update(at=timezone.now() - styles.RENEWED - timedelta(minutes=1))
    Quarantine.objects.create(work=artist.works.all()[0], reason=QuarantineReason.MASS_DUPLICATE)

    styles.follow()

    assert PortfolioStyle.objects.get().works == 8


def test_many_changes_are_followed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "BATCH", 3)
    for seed in range(2):
        make_portfolio(8, like=seen(seed))

    styles.follow()

    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first()
    assert PortfolioStyle.objects.count() == 2
    assert StyleFollowed.objects.get().seen == newest


def test_works_from_before_are_sent_to_be_read_once() -> None:
    work = make_matchable_work()
    work.vectors.filter(identity=style_identity()).delete()
    Work.objects.update(nudged_at=timezone.now() - timedelta(hours=1))
    styles.follow()

    portray()
    lacking = styles.lacking(10)
    registry.embed(Work.objects.get())

    assert lacking == [work]
    assert Work.objects.get().nudged_at > timezone.now() - timedelta(minutes=1)
    assert work.vectors.filter(identity=style_identity()).exists()
    assert styles.lacking(10) == []
    assert StyleFollowed.objects.get().complete


def test_the_database_keeps_no_style_of_a_few_works() -> None:
    make_portfolio(8, like=seen())
    styles.follow()

    with pytest.raises(IntegrityError, match="no_style_of_a_few_works"):
        PortfolioStyle.objects.update(works=7)
