"""A database is migrated once a test run; those of test processes and of browser tests are copies of it."""

import os
import subprocess
import sys

import psycopg
from psycopg import sql

from tests.processes.site import ROOT, database_url

TEMPLATE, LOCK = "migrated", 1759


def template() -> str | None:
    """The name of the migrated database on the servers made for this run; None on a server of somebody's own,
    where it would be left behind.

    Whoever asks first makes it. No connection to it stays open: PostgreSQL copies none that is in use.
    """
    if "SERVERS_OF_THIS_RUN" not in os.environ:
        return None
    with _server() as server:
        server.execute("select pg_advisory_lock(%s)", [LOCK])
        if not server.execute("select 1 from pg_database where datname = %s", [TEMPLATE]).fetchone():
            making = f"{TEMPLATE}_soon"
            server.execute(sql.SQL("create database {}").format(sql.Identifier(making)))
            _migrate(making)
            renamed = sql.SQL("alter database {} rename to {}")
            server.execute(renamed.format(sql.Identifier(making), sql.Identifier(TEMPLATE)))
    return TEMPLATE


def create(name: str) -> None:
    """A database with all tables and no row of ours."""
    copied = template()
    with _server() as server:
        copy = sql.SQL("create database {} template {}")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(copied or "template1")))
    if copied is None:
        _migrate(name)


def drop(name: str) -> None:
    with _server() as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _server() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _migrate(name: str) -> None:
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": database_url(name)}, check=True)
