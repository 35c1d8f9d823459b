"""Backup and restore, on whichever database the tests run on: what was there is there again, and nothing else."""

import json
import zipfile

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from accounts.models import AuditEntry, Organization, Person
from cxhub.backups import archive
from tests.cast import make_organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "2026").mkdir(parents=True)
    (settings.MEDIA_ROOT / "2026/영수증.pdf").write_bytes(b"%PDF")
    yield
    ContentType.objects.clear_cache()


@pytest.fixture
def backup(tmp_path):
    return tmp_path / "hub.zip"


def test_what_was_there_is_there_again(backup, settings):
    make_organization()
    before = list(Person.objects.order_by("pk").values())
    entries = list(AuditEntry.objects.order_by("pk").values())
    call_command("backup", str(backup))

    make_organization("second", name="두번째")
    (settings.MEDIA_ROOT / "later.txt").write_text("not in the backup")
    call_command("restore", str(backup), "--force")

    assert list(Person.objects.order_by("pk").values()) == before
    assert list(AuditEntry.objects.order_by("pk").values()) == entries
    assert list(Organization.objects.values_list("slug", flat=True)) == ["haneul"]
    assert [file.name for file in settings.MEDIA_ROOT.rglob("*") if file.is_file()] == ["영수증.pdf"]


def test_a_restored_hub_goes_on_counting_and_keeps_its_guards(backup):
    make_organization()
    call_command("backup", str(backup))
    call_command("restore", str(backup), "--force")
    make_organization("second", name="두번째")
    assert Organization.objects.count() == 2
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {AuditEntry._meta.db_table} SET action = 'forged'")


def test_whoever_has_the_database_open_sees_what_was_restored(backup):
    make_organization()
    call_command("backup", str(backup))
    make_organization("second", name="두번째")
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {Organization._meta.db_table}")
        assert cursor.fetchone() == (2,)
        # Ends this reader's view of the moment before.
        elsewhere.commit()
    call_command("restore", str(backup), "--force")
    with elsewhere.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {Organization._meta.db_table}")
        assert cursor.fetchone() == (1,)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
    elsewhere.close()


def test_an_empty_hub_needs_no_force(backup):
    make_organization()
    call_command("backup", str(backup))
    call_command("flush", interactive=False, verbosity=0)
    call_command("restore", str(backup))
    assert Organization.objects.count() == 1


def test_a_hub_with_people_is_not_overwritten_unasked(backup):
    make_organization()
    call_command("backup", str(backup))
    make_organization("second", name="두번째")
    with pytest.raises(CommandError, match="--force"):
        call_command("restore", str(backup))
    assert Organization.objects.count() == 2


def test_a_backup_is_never_written_over(backup):
    backup.write_text("precious")
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", str(backup))
    assert backup.read_text() == "precious"


def test_only_its_owner_may_read_it(backup):
    call_command("backup", str(backup))
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir() if "partial" in path.name] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no backup"), (b"PK\x03\x04 cut off", "cut off"), (b"%PDF-1.7", "no backup")],
)
def test_another_file_is_refused(backup, content, said):
    backup.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(backup))


def test_a_missing_file_is_named(backup):
    with pytest.raises(CommandError, match=r"hub\.zip"):
        call_command("restore", str(backup))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"vendor": "mysql"}, "from mysql"),
        ({"format": 99}, "format 99"),
        ({"migrations": ["accounts.9999_from_the_future"]}, "newer hub"),
    ],
)
def test_a_foreign_backup_changes_nothing(backup, change, said):
    make_organization()
    call_command("backup", str(backup))
    _rewrite(backup, change)
    with pytest.raises(CommandError, match=said):
        call_command("restore", str(backup), "--force")
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_backup_changes_nothing(backup, place):
    make_organization()
    call_command("backup", str(backup))
    with zipfile.ZipFile(backup) as whole:
        largest = max(whole.infolist(), key=lambda member: member.compress_size)
    content = bytearray(backup.read_bytes())
    # 30 bytes of header stand before the name.
    content[largest.header_offset + 30 + len(largest.filename) + int(largest.compress_size * place)] ^= 0xFF
    backup.write_bytes(content)
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", str(backup), "--force")
    assert Organization.objects.count() == 1


def test_a_running_hub_on_sqlite_is_not_robbed_of_its_database(backup, settings):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's users are told by the documentation")
    call_command("backup", str(backup))
    from cxhub import data_folder

    with data_folder.only_user_of(settings.DATA_DIR) as mine:
        assert mine
        with pytest.raises(CommandError, match="Stop it first"):
            call_command("restore", str(backup), "--force")


def _rewrite(path, change):
    with zipfile.ZipFile(path) as source:
        members = {name: source.read(name) for name in source.namelist()}
    manifest = {**json.loads(members[archive._MANIFEST]), **change}
    members[archive._MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in members.items():
            target.writestr(name, content)
