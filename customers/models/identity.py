"""What tells customers apart, and what was only claimed about them."""

from __future__ import annotations

from django.db import models

from customers.incoming import IdentityKey


class IdentityKind(models.TextChoices):
    MEMBER_NO = "member_no"
    PHONE = "phone"
    EXTERNAL = "external"
    EMAIL = "email"
    CLAIM = "claim"  # the sorted claims of events that prove nothing: they share one unconfirmed customer


class Identity(models.Model):
    """Belongs to at most one customer of the organization (rule 1). Never moves: merging groups customers."""

    # Not checked once more by the database: see Event.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=12, choices=IdentityKind)
    account = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=600)
    last4 = models.CharField(max_length=4, blank=True)  # phones: the counter's key
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "account", "value"], name="identity_of_one_customer"
            ),
        ]
        indexes = [
            # With whose it is: fifty of half a million end in the same four digits, and lie in fifty places of the table.
            models.Index(
                fields=["organization", "last4"],
                name="identity_last4",
                condition=~models.Q(last4=""),
                include=["customer"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def key(self) -> IdentityKey:
        return IdentityKey(self.kind, self.account, self.value)


class Claim(models.Model):
    """Somebody said so about herself in a conversation and nobody has proven it (rule 6)."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="claims")
    thread = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=12, choices=IdentityKind)
    value = models.CharField(max_length=600)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "thread", "kind", "value", "customer"], name="claim_told_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "kind", "value"], name="claim_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Confirmation(models.Model):
    """A claim that was proven: for one conversation, or (without one) for what was claimed until then."""

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    thread = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=12, choices=IdentityKind)
    value = models.CharField(max_length=600)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "thread", "kind", "value"], name="confirmation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ContestedIdentity(models.Model):
    """An identity named by an event whose identities belong to several customers (rule 4).

    Kept so that the event can be asked again once a person has merged those customers.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    event = models.ForeignKey("customers.Event", on_delete=models.CASCADE, related_name="contested_identities")
    kind = models.CharField(max_length=12, choices=IdentityKind)
    account = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=600)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "event", "kind", "account", "value"], name="contested_identity_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def key(self) -> IdentityKey:
        return IdentityKey(self.kind, self.account, self.value)
