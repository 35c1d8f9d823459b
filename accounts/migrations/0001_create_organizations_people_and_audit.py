import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.validators
import cxhub.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Center",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=50, validators=[accounts.validators.validate_slug], verbose_name="short name"
                    ),
                ),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact_center", "Contact center"),
                            ("affiliate", "Affiliate"),
                            ("store_desk", "Store desk"),
                            ("head_office", "Head office"),
                        ],
                        default="contact_center",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "center",
                "verbose_name_plural": "centers",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("owner", "Owner"),
                            ("lead", "Lead"),
                            ("agent", "Agent"),
                            ("store_staff", "Store staff"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("ko", "Korean"), ("en", "English")],
                        default="",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_staff", models.BooleanField(default=False, verbose_name="may use the operator's admin")),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                ("centers", models.ManyToManyField(blank=True, related_name="people", to="accounts.center")),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=50,
                        unique=True,
                        validators=[accounts.validators.validate_slug],
                        verbose_name="short name",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                (
                    "timezone",
                    models.CharField(
                        default="Asia/Seoul",
                        max_length=64,
                        validators=[accounts.validators.validate_timezone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="KRW",
                        max_length=3,
                        validators=[accounts.validators.validate_currency],
                        verbose_name="currency",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ko", "Korean"), ("en", "English")],
                        default="ko",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "reopen_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="days in which a ticket reopens"),
                ),
                ("default_targets", models.JSONField(blank=True, default=dict, verbose_name="default targets")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reopen_days__gte", 1), ("reopen_days__lte", 365)),
                        name="organization_reopen_days_is_1_to_365",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ko", "en"])), name="organization_language_is_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="center",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="centers",
                to="accounts.organization",
            ),
        ),
        migrations.CreateModel(
            name="AuditReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month_date", models.DateField(verbose_name="month")),
                ("reviewed_at", models.DateTimeField(verbose_name="reviewed at")),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="note")),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit review",
                "verbose_name_plural": "audit reviews",
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, default="", max_length=64)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_head",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit head",
                "verbose_name_plural": "audit heads",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField(verbose_name="sequence")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("actor", models.CharField(blank=True, default="", max_length=254, verbose_name="actor")),
                ("action", models.CharField(max_length=100, verbose_name="action")),
                ("obj", models.CharField(blank=True, default="", max_length=254, verbose_name="object")),
                ("customer_id", models.UUIDField(blank=True, null=True, verbose_name="customer")),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                ("ip", models.GenericIPAddressField(blank=True, null=True, verbose_name="address")),
                ("request_id", models.CharField(blank=True, default="", max_length=100)),
                ("before", models.JSONField(blank=True, null=True, verbose_name="before")),
                ("after", models.JSONField(blank=True, null=True, verbose_name="after")),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.AddField(
            model_name="person",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="accounts.organization",
            ),
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=50, validators=[accounts.validators.validate_slug], verbose_name="short name"
                    ),
                ),
                ("public_id", models.UUIDField(default=cxhub.identifiers.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "center",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stores",
                        to="accounts.center",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stores",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "store",
                "verbose_name_plural": "stores",
            },
        ),
        migrations.AddField(
            model_name="person",
            name="stores",
            field=models.ManyToManyField(blank=True, related_name="people", to="accounts.store"),
        ),
        migrations.CreateModel(
            name="CenterSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_from", models.DateTimeField(verbose_name="effective from")),
                ("hours", models.JSONField(blank=True, default=dict, verbose_name="hours")),
                ("holidays", models.JSONField(blank=True, default=list, verbose_name="holidays")),
                ("targets", models.JSONField(blank=True, default=dict, verbose_name="targets")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "center",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="schedules", to="accounts.center"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "center schedule",
                "verbose_name_plural": "center schedules",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "center", "effective_from"),
                        name="center_schedule_has_one_row_per_instant",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="center",
            constraint=models.UniqueConstraint(
                fields=("organization", "slug"), name="center_slug_is_unique_in_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="center",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contact_center", "affiliate", "store_desk", "head_office"])),
                name="center_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditreview",
            constraint=models.UniqueConstraint(
                fields=("organization", "month_date"), name="audit_review_is_once_a_month"
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "customer_id", "sequence"], name="audit_by_customer"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "by", "sequence"], name="audit_by_person"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "action", "sequence"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "at"], name="audit_by_time"),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(
                fields=("organization", "sequence"), name="audit_entry_sequence_is_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.UniqueConstraint(
                fields=("organization", "slug"), name="store_slug_is_unique_in_organization"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["organization", "role", "name"], name="person_by_role"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="person_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organization__isnull", True), ("role", "")),
                    models.Q(("organization__isnull", False), ("role__in", ["owner", "lead", "agent", "store_staff"])),
                    _connector="OR",
                ),
                name="person_role_comes_with_organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "ko", "en"])), name="person_language_is_known"
            ),
        ),
    ]
