"""Finds a PostgreSQL server, and makes the benchmark's own database on it; never touches any other.

What the hub reads at start (DATABASE_URL, REDIS_URL, DATA_DIR) is written into the environment here, before Django.
"""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

NAME = "cxhub_bench"
ADVICE = f"""make bench needs PostgreSQL (13 or newer) and a role that may create a database. None answered here.
Debian, Ubuntu:  apt install postgresql
                 sudo -u postgres psql -c "CREATE ROLE bench LOGIN CREATEDB PASSWORD 'bench'"
then:            DATABASE_URL=postgresql://bench:bench@localhost/postgres make bench
The database named there is only used to connect: the benchmark makes `{NAME}` beside it, and drops it when it begins."""


class NoServer(Exception):
    """No PostgreSQL server answered; the message says what to do."""


def candidates() -> list[str]:
    """Addresses to try: the one that was given and no other, else what a server on this machine may take."""
    given = os.environ.get("DATABASE_URL", "").strip()
    if given:
        return [given]
    roles = ("cxhub:cxhub", getpass.getuser(), "postgres:postgres", "postgres")
    addresses = [f"postgresql://{role}@localhost:5432/postgres" for role in roles]
    return [*addresses, "postgresql://postgres@/postgres?host=/var/run/postgresql"]


def find_server() -> str:
    """The address of a server where a database may be made. Raises NoServer."""
    for address in candidates():
        try:
            with psycopg.connect(address, connect_timeout=3) as connection:
                row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
                if row.fetchone() == (True,):
                    return address
        except psycopg.Error:
            continue
    raise NoServer(ADVICE)


def address_of(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def make(server: str, *, name: str = NAME, keep: bool = False) -> str:
    """Returns the address of the migrated database; an older one is dropped, or with `keep` used as it is."""
    identifier = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if exists and not keep:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
        if not exists or not keep:
            connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(identifier))
    address = address_of(server, name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": address},
        check=True,
    )
    return address


def drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
