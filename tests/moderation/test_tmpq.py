import pytest, re
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.moderation.rows import *
pytestmark = pytest.mark.django_db
import traceback
def test_q(as_person):
    contest, organizer = make_desk()
    for _ in range(3): make_case(SIGNS, contest=contest)
    case = make_case(CONTRADICTION, copy_of(make_work()), SIGNS, contest=contest, statement="Painted in winter.")
    c = as_person(organizer)
    for url in (f"/organize/case/{case.pk}/", "/organize/queue/"):
        c.get(url)
        stacks=[]
        def wrap(execute, sql, params, many, context):
            st=[f"{f.filename.split('/work/w-desk/')[-1]}:{f.lineno}" for f in traceback.extract_stack() if 'w-desk/' in f.filename and '.venv' not in f.filename and 'tests/' not in f.filename]
            stacks.append((sql, st[-3:]))
            return execute(sql, params, many, context)
        with connection.execute_wrapper(wrap):
            r=c.get(url)
        print(url, r.status_code, len(stacks))
        for sql, st in stacks: print("  ", re.sub(r'SELECT .*? FROM','SELECT .. FROM',sql)[:150], st)
