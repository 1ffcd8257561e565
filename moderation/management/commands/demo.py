"""Fill an empty database with the demonstration, through the running worker."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.models import Work, WorkState
from moderation.demo import story
from submissions.models import Contest, Entry, User
from submissions.states import State

PATIENCE_S = 180


class Command(BaseCommand):
    help = "Eight entries that show every way through the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="else only say the logins")

    def handle(self, *args: Any, **options: Any) -> None:
        handed_in = Entry.objects.filter(contest__slug=story.CONTEST, entrant__email__in=story.PEOPLE)
        if handed_in.count() >= len(story.SCENES):
            self._say_logins()
            return
        begun = Contest.objects.filter(slug=story.CONTEST).exists()  # and interrupted: it is finished now
        if options["if_empty"] and User.objects.exists() and not begun:
            return
        self.stdout.write("Filling the empty database with a demonstration …")
        contest, entrant, artist = story.the_stage()
        self._wait_for_work(story.register_work(artist))
        entries = list(story.hand_in(contest, entrant))
        self._wait_for_verdicts(entries)
        self._say_where_they_stand(entries)
        story.appeal(entries)
        self._wait_for_work(story.register_later_work(artist))
        story.claim(entries, artist)
        self._say_logins()

    def _wait_for_work(self, work: Work) -> None:
        self._wait(lambda: not Work.objects.filter(pk=work.pk, state=WorkState.PENDING).exists())
        if Work.objects.get(pk=work.pk).state != WorkState.MATCHABLE:
            raise CommandError("The demonstration's work could not be registered.")

    def _wait_for_verdicts(self, entries: list[Entry]) -> None:
        keys = [entry.pk for entry in entries]
        self._wait(lambda: not Entry.objects.filter(pk__in=keys, state=State.RECEIVED).exists())

    def _wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > deadline:
                raise CommandError("The worker did not finish the demonstration. Is it running?")
            time.sleep(0.2)

    def _say_where_they_stand(self, entries: list[Entry]) -> None:
        for scene, entry in zip(story.SCENES, entries, strict=True):
            entry.refresh_from_db()
            where = entry.category.kind if entry.category else entry.get_state_display()
            self.stdout.write(f"  {scene.title:<22} {where}")

    def _say_logins(self) -> None:
        self.stdout.write(f"Logins, all with the password “{story.PASSWORD}”:")
        for email, name in story.PEOPLE.items():
            self.stdout.write(f"  {email:<24} {name}")
