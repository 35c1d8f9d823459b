"""What single events are compared with: the barest endpoint that writes the same rows, Starlette and psycopg.

It checks nothing, resolves nobody and folds nothing: each request brings the finished rows, and they are written in
one transaction.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import psycopg
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.copied_rows import TABLES, on_conflict


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    with psycopg.connect(os.environ["BARE_DATABASE_URL"]) as connection:
        app.state.ends = {name: on_conflict(connection, name) for name in TABLES}
    async with AsyncConnectionPool(os.environ["BARE_DATABASE_URL"], min_size=4, max_size=4, open=False) as pool:
        app.state.pool = pool
        yield


async def write(request: Request) -> Response:
    rows = msgspec.json.decode(await request.body())
    async with request.app.state.pool.connection() as connection, connection.transaction():
        for table, values in rows.items():
            columns = ", ".join(["%s"] * len(values))
            await connection.execute(
                f"INSERT INTO bench_{TABLES[table]} VALUES ({columns}) {request.app.state.ends[table]}",
                values,
            )
    return JSONResponse({"status": "created"}, status_code=201)


app = Starlette(routes=[Route("/", write, methods=["POST"])], lifespan=lifespan)
