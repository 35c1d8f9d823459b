"""What a tag is called. Tickets and events hold its key, so another name is another name everywhere at once."""

from django.db import models

from tickets.tag_keys import TAG_LENGTH


class Tag(models.Model):
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=TAG_LENGTH)
    name = models.CharField(max_length=TAG_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="tag_key_once"),
            # Two of one name could not be told apart where somebody chooses.
            models.UniqueConstraint(fields=["organization", "name"], name="tag_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
