"""The audit trail: chained, append-only on the model and in the database, and honest about tampering."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts import audit
from accounts.actors import System
from accounts.models import AuditEntry, AuditHead, Organization
from accounts.models.audit import AuditEntryIsFinal
from accounts.origin import origin
from tests import cast

TESTS = System("tests")


@pytest.mark.django_db
def test_entries_are_numbered_and_chained() -> None:
    organization = cast.make_bare_organization()
    first = audit.record(organization, by=TESTS, action="tests.one")
    second = audit.record(organization, by=TESTS, action="tests.two")
    assert second.sequence == first.sequence + 1
    assert second.previous_hash == first.hash
    head = AuditHead.objects.get(organization=organization)
    assert (head.sequence, head.hash) == (second.sequence, second.hash)
    assert audit.verify_chain(organization).is_intact


@pytest.mark.django_db
def test_each_organization_has_a_chain_of_its_own() -> None:
    one, other = cast.make_bare_organization(), cast.make_bare_organization()
    before = AuditHead.objects.get(organization=other).sequence
    audit.record(one, by=TESTS, action="tests.one")
    assert AuditHead.objects.get(organization=other).sequence == before


@pytest.mark.django_db
def test_nobody_leaves_no_entry() -> None:
    organization = cast.make_bare_organization()
    with pytest.raises(ValueError, match="person or an actor"):
        audit.record(organization, by=None, action="tests.one")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        {"name": "홍\x00길동", "half": "\ud83d", "ratio": 1e22, "days": ["2026-08-15"], "deep": {"a": [1, None, True]}},
        [1.5, float("nan")],
        "그냥 글",
    ],
)
def test_what_no_database_keeps_as_it_is_still_verifies(value: Any) -> None:
    organization = cast.make_bare_organization()
    audit.record(
        organization, by=TESTS, action="tests.one", before=value, after=value, reason="까닭\x00", ip="::ffff:10.0.0.7"
    )
    assert audit.verify_chain(organization).is_intact
    assert AuditEntry.objects.latest("sequence").ip == "10.0.0.7"


@pytest.mark.django_db
def test_a_list_of_customers_is_one_entry_for_each(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    organization = cast.make_bare_organization()
    customers = [uuid4() for _ in range(8)]
    with django_assert_num_queries(3):
        entries = audit.record_for_customers(organization, customers, by=TESTS, action="customers.search")
    assert [entry.customer_id for entry in entries] == customers
    assert audit.verify_chain(organization).is_intact


@pytest.mark.django_db
def test_one_entry_comes_back_as_it_is_kept(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    organization = cast.make_bare_organization()
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 3):
        entry = audit.record(
            organization,
            by=TESTS,
            action="customers.view",
            customer_id=uuid4(),
            ip="192.0.2.7",
            after={"글": [1, None]},
        )
    kept = AuditEntry.objects.get(pk=entry.pk)
    fields = [field.attname for field in AuditEntry._meta.concrete_fields]
    assert [getattr(kept, name) for name in fields] == [getattr(entry, name) for name in fields]


@pytest.mark.django_db
def test_address_and_request_come_from_the_running_request() -> None:
    organization = cast.make_bare_organization()
    with origin(ip="192.0.2.7", request_id="abc"):
        entry = audit.record(organization, by=TESTS, action="tests.one")
    assert (entry.ip, entry.request_id) == ("192.0.2.7", "abc")
    assert audit.record(organization, by=TESTS, action="tests.two").ip is None


@pytest.mark.django_db
def test_record_for_names_the_person_of_the_request(rf: RequestFactory) -> None:
    agent = cast.make_organization().agent
    request = rf.get("/")
    request.user = agent
    entry = audit.record_for(request, action="customers.view", customer_id=uuid4())
    assert (entry.by, entry.actor, entry.ip) == (agent, agent.email, "127.0.0.1")


@pytest.mark.django_db
def test_a_failed_change_leaves_no_entry() -> None:
    organization = cast.make_bare_organization()
    before = AuditHead.objects.get(organization=organization).sequence

    def fail_after_recording() -> None:
        with transaction.atomic():
            audit.record(organization, by=TESTS, action="tests.one")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_recording()
    assert AuditHead.objects.get(organization=organization).sequence == before
    assert audit.verify_chain(organization).is_intact


@pytest.mark.django_db
def test_the_model_refuses_changes() -> None:
    entry = audit.record(cast.make_bare_organization(), by=TESTS, action="tests.one")
    entry.action = "tests.other"
    with pytest.raises(AuditEntryIsFinal):
        entry.save()
    with pytest.raises(AuditEntryIsFinal):
        entry.delete()
    with pytest.raises(AuditEntryIsFinal):
        AuditEntry.objects.update(action="tests.other")
    with pytest.raises(AuditEntryIsFinal):
        AuditEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditentry SET action = 'x'", "DELETE FROM accounts_auditentry"]
)
def test_the_database_refuses_changes(statement: str) -> None:
    organization = cast.make_bare_organization()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit.verify_chain(organization).is_intact


def _without_triggers(*statements: str) -> None:
    """What somebody with the database's own password would do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Foreign keys still to be checked would keep the table from being altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER audit_entry_is_final")
        else:
            cursor.execute("DROP TRIGGER audit_entry_is_final_on_update")
            cursor.execute("DROP TRIGGER audit_entry_is_final_on_delete")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE accounts_auditentry SET reason = 'other' WHERE sequence = 2", 2),
        ("DELETE FROM accounts_auditentry WHERE sequence = 2", 2),
        ("DELETE FROM accounts_auditentry WHERE sequence = 4", 4),
    ],
)
def test_tampering_behind_the_triggers_shows(statement: str, broken_at: int) -> None:
    organization = cast.make_bare_organization()
    for number in range(3):
        audit.record(organization, by=TESTS, action=f"tests.{number}")
    _without_triggers(statement)
    report = audit.verify_chain(organization)
    assert (report.is_intact, report.broken_at) == (False, broken_at)
    with pytest.raises(CommandError, match=organization.slug):
        call_command("verify_audit", organization.slug)


@pytest.mark.django_db
def test_the_command_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    organization = cast.make_bare_organization()
    call_command("verify_audit")
    assert f"{organization.slug}: 1 entries, intact." in capsys.readouterr().out
    with pytest.raises(CommandError, match="nowhere"):
        call_command("verify_audit", "nowhere")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one row a statement.")
def test_an_entry_alone_needs_no_transaction(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    organization = cast.make_bare_organization()
    with django_assert_num_queries(1):
        entry = audit.record(
            organization,
            by=TESTS,
            action="customers.view",
            customer_id=uuid4(),
            ip="192.0.2.7",
            after={"글": [1, None]},
        )
    kept = AuditEntry.objects.get(pk=entry.pk)
    fields = [field.attname for field in AuditEntry._meta.concrete_fields]
    assert [getattr(kept, name) for name in fields] == [getattr(entry, name) for name in fields]
    assert audit.verify_chain(organization).is_intact
    with pytest.raises(DatabaseError):
        audit.record(organization, by=TESTS, action="x" * 101)
    assert audit.verify_chain(organization).is_intact


@pytest.mark.django_db
def test_what_is_hashed_is_the_entry_as_json_with_sorted_keys() -> None:
    """Trails that were written years ago are checked by the same words."""
    person = cast.make_organization().agent
    organization = person.organization
    assert organization is not None
    entry = audit.record(
        organization,
        by=person,
        action="tests.one",
        obj='"previous_hash":""',
        customer_id=uuid4(),
        reason='까닭 "}\\',
        ip="192.0.2.7",
        request_id="abc",
        before={"previous_hash": "", "sequence": 1},
        after={"글": ["é\u2028", None]},
    )
    content = {
        "organization": str(organization.public_id),
        "sequence": entry.sequence,
        "at": entry.at.timestamp().hex(),
        "by": str(person.public_id),
        "actor": person.email,
        "action": "tests.one",
        "obj": '"previous_hash":""',
        "customer_id": str(entry.customer_id),
        "reason": '까닭 "}\\',
        "ip": "192.0.2.7",
        "request_id": "abc",
        "before": {"previous_hash": "", "sequence": 1},
        "after": {"글": ["é\u2028", None]},
        "previous_hash": entry.previous_hash,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.django_db
def test_an_organization_without_a_head_gets_one() -> None:
    organization = Organization.objects.create(slug="bare", name="bare")
    audit.record(organization, by=TESTS, action="tests.one")
    assert audit.verify_chain(organization) == audit.ChainReport(1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_part_of_more", [False, True])
def test_many_at_once_make_one_chain(is_part_of_more: bool) -> None:
    organization = cast.make_bare_organization()

    def write(number: int) -> None:
        try:
            with transaction.atomic() if is_part_of_more else nullcontext():
                audit.record(organization, by=TESTS, action=f"tests.{number}")
                if is_part_of_more:
                    audit.record_for_customers(organization, [uuid4(), uuid4()], by=TESTS, action=f"tests.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(write, range(30)))
    report = audit.verify_chain(organization)
    assert (report.is_intact, report.entries) == (True, 91 if is_part_of_more else 31)
