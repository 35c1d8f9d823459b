"""Tells open dashboards that figures have changed: a hint, and nothing else."""

from __future__ import annotations

from accounts.models import Organization
from cxhub.live import publish


def announce_figures(organization: Organization) -> None:
    publish(figures_group(organization.pk), {"type": "hub.event", "kind": "figures.changed"})


def figures_group(organization_id: int) -> str:
    return f"figures.{organization_id}"
