"""Background requests stand aside for urgent work: before statements, for a while, and never inside a transaction."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from cxhub.giving_way import giving_way, urgent

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def urgent_for(seconds: float) -> Iterator[None]:
    """Something urgent is at work in another thread for so long."""
    has_begun = threading.Event()

    def work() -> None:
        with urgent:
            has_begun.set()
            time.sleep(seconds)

    thread = threading.Thread(target=work)
    thread.start()
    assert has_begun.wait(5)
    yield
    thread.join()


def seconds_of(statements: int) -> float:
    began = time.monotonic()
    with connection.cursor() as cursor:
        for _ in range(statements):
            cursor.execute("SELECT 1")
    return time.monotonic() - began


def test_a_statement_waits_until_nothing_urgent_is_at_work():
    with urgent_for(0.3), giving_way(patience=5):
        assert 0.2 < seconds_of(1) < 2
        assert seconds_of(5) < 0.2


def test_the_patience_is_that_of_all_statements_together():
    with urgent_for(1.0), giving_way(patience=0.2):
        assert 0.1 < seconds_of(5) < 0.8


def test_nobody_stands_aside_inside_a_transaction_or_outside_of_the_request():
    with urgent_for(0.5):
        with giving_way(patience=5), transaction.atomic():
            assert seconds_of(5) < 0.3
        assert seconds_of(5) < 0.3
