"""A list of the inbox under a name of its own: what its address asks for, for one person or for a whole center."""

from django.db import models

from cxhub.identifiers import uuid7

NAME_LENGTH = 40
QUERY_LENGTH = 300


class SavedView(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    # With one, all who answer there see it as well; only its maker and those who lead change it.
    center = models.ForeignKey("accounts.Center", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person", "name"], name="saved_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
