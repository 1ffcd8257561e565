"""``python -m tests.bench_queue``: what the queue page costs with 100,000 entries, 20,000 of which wait.

The rows are written by a few statements: eight contests of one organization, whose owner asks through
Django's test client, middleware and all. Medians and 95th percentiles of whole answers.
"""

import argparse
import logging
import os
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from tests import servers  # noqa: F401 -- starts PostgreSQL and Valkey before settings are read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from moderation import queues  # noqa: E402
from moderation.models import ReviewSettings  # noqa: E402
from submissions.models import Role, User  # noqa: E402
from tests.bench_policy import say  # noqa: E402

CONTESTS, PEOPLE = 8, 20_000
OPEN_OF = 5  # one entry of so many waits
ASKED = 40
PAGES: Mapping[str, Mapping[str, str]] = {
    "all open cases": {},
    "copies": {"queue": "copies"},
    "mine": {"queue": "mine"},
    "put aside": {"queue": "aside"},
    "the last page": {"page": "9999"},
    "a contest, a lane, waiting a day": {"contest": "bench-1", "lane": "synthetic", "age": "1"},
    "to nobody, heavy": {"assigned": "nobody", "severity": "2"},
    "search: a title's word": {"q": "harbour"},
    "search: two Korean words": {"q": "겨울 항구"},
    "search: an entrant": {"q": "Mina-1234"},
    "search: a tool": {"q": "firefly"},
    "search: a finding": {"q": "signs of generation"},
    "search: nothing found": {"q": "zanzibar"},
}

# Words repeat as people's do; triggers that chain rows are another measurement (tests.bench_record).
FILL = """
set session_replication_role = replica;
insert into submissions_user (password, is_superuser, first_name, last_name, is_staff, is_active, date_joined, email,
    display_name, language, time_zone)
select '!', false, '', '', false, true, now(), 'bench' || n || '@example.org', 'Mina-' || n || ' Park', 'en', 'UTC'
from generate_series(1, {people}) n;
insert into submissions_entry (public_id, contest_id, entrant_id, title, statement, state, shown_apart, created,
    submitted_at)
select gen_random_uuid(), (array[{contests}])[1 + n % {contest_count}],
    (select min(id) from submissions_user where email like 'bench%@example.org') + n % {people},
    (array['Harbour at dusk', '겨울 항구의 아침', 'Roofs', 'A quiet street', 'Night train'])[1 + n % 5] || ' ' || n, '',
    case when n % {open_of} = 0 then 'held' else 'rejected' end, false, now(), now()
from generate_series(1, {entries}) n;
insert into submissions_disclosure (entry_id, version, level, medium, purposes, parts, explanation, prompts, cloaks,
    attested_name, attestation_sha256, created)
select id, 1, 'none', '', '{{}}', '', '', '', '{{}}', '', '', now() from submissions_entry where contest_id in ({contests});
insert into submissions_artwork (public_id, entry_id, position, original, original_name, size, sha256, media_type,
    uploaded, display, thumbnail, credential_label, may_calibrate)
select gen_random_uuid(), id, 0, 'none', 'picture.png', 1, md5(id::text), 'image/png', now(), 'none', 'none', '', false
from submissions_entry where contest_id in ({contests});
insert into moderation_screening (entry_id, number, disclosure_id, policy_id, created, nudged_at)
select e.id, 1, d.id, p.id, now(), now() from submissions_entry e
join submissions_disclosure d on d.entry_id = e.id join submissions_policyversion p on p.contest_id = e.contest_id
where e.contest_id in ({contests});
insert into moderation_verdict (screening_id, route, proposal, reasons, grounds, policy_engine, at)
select s.id, 'person', '', case s.id % 3
    when 0 then '[{{"rule": "copy.verified", "codes": [], "data": {{"reference": "Dusk", "artist": "Ha"}}}}]'
    when 1 then '[{{"rule": "synthetic.signs_of_generation", "codes": [], "data": {{"score": 0.9}}}}]'
    else '[{{"rule": "statement.none_but_generator_trace", "codes": [], "data": {{}}}}]' end::jsonb,
    '{{}}', '1', now() from moderation_screening s join submissions_entry e on e.id = s.entry_id
where e.contest_id in ({contests});
insert into moderation_case (kind, entry_id, contest_id, verdict_id, topics, severity, opened_at, due_at, closed_at,
    assigned_to_id, on_hold_until, escalated_at, lanes, codes, words, entrant_words)
select 'review', e.id, e.contest_id, v.id, array[(array['copies', 'signs', 'contradictions'])[1 + s.id % 3]],
    (array[3, 1, 2])[1 + s.id % 3], now() - (e.id % 20000) * interval '1 minute',
    now() + (e.id % 14 - 4) * interval '1 day', case when e.state = 'held' then null else now() end,
    case when e.id % 7 = 0 then {owner} when e.id % 7 < 4 then {other} end,
    case when e.id % 35 = 0 then now() + interval '2 days' end, case when e.id % 500 = 0 then now() end,
    array[(array['copy', 'synthetic', 'statement'])[1 + s.id % 3]],
    array[(array['copy.verified', 'synthetic.signs_of_generation', 'statement.none_but_generator_trace'])[1 + s.id % 3]],
    lower(e.title) || case when e.id % 3 = 0 then ' adobe firefly firefly-image' else '' end, lower(u.display_name)
from submissions_entry e join submissions_user u on u.id = e.entrant_id
join moderation_screening s on s.entry_id = e.id join moderation_verdict v on v.screening_id = s.id
where e.contest_id in ({contests});
set session_replication_role = default;
"""  # noqa: E501


# Nothing was collected; where the style sheet lies says nothing about the queue.
PLAIN = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


@override_settings(STORAGES=PLAIN, ALLOWED_HOSTS=["testserver"])
def measure(entries: int) -> None:
    began = time.perf_counter()
    owner = fill(entries)
    waiting = queues.workable(owner).count()
    took = time.perf_counter() - began
    say(f"\nqueue page: {entries:,} entries, {waiting:,} open cases, written in {took:.0f} s")
    logging.disable(logging.INFO)  # a line a request would drown the figures
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for name, query in PAGES.items():
        timed(name, partial(page, client, query))
    cases = queues.QUEUES["all"].cases(owner)
    place = cases[1000]
    timed("the next case", lambda: queues.following(cases, place))
    last = cases.reverse()[0]
    timed("the case after the last", lambda: queues.following(cases, last))
    logging.disable(logging.NOTSET)


def fill(entries: int) -> User:
    from tests.factories import make_contest, make_member, make_organization

    organization, now = make_organization(), timezone.now()
    owner, other = (make_member(organization, role) for role in (Role.OWNER, Role.ORGANIZER))
    contests = [
        make_contest(organization=organization, slug=f"bench-{n}", closes_at=now + timedelta(days=n + 1)).pk
        for n in range(CONTESTS)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            FILL.format(
                people=PEOPLE,
                entries=entries,
                contests=", ".join(map(str, contests)),
                contest_count=CONTESTS,
                open_of=OPEN_OF,
                owner=owner.pk,
                other=other.pk,
            )
        )
        cursor.execute("vacuum analyze")  # as a database that lives does by itself
    ReviewSettings.objects.bulk_create(  # in half of the contests estimates are seen at once
        [ReviewSettings(contest_id=key, impression_first=False) for key in contests[::2]]
    )
    return owner


def page(client: Client, query: Mapping[str, str]) -> None:
    answer = client.get("/organize/queue/", query)
    if answer.status_code != 200:
        raise AssertionError(f"{query}: {answer.status_code}")


def timed(name: str, ask: Callable[[], object]) -> None:
    ask()
    took = []
    for _each in range(ASKED):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    say(f"  {name:<34} {statistics.median(took):6.0f} ms, p95 {took[int(len(took) * 0.95)]:6.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0)
    try:
        measure(options.entries)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
