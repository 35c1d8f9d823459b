"""Every change to organizations, centers, stores and people goes through one of these."""

from accounts.actions.audit_review import MonthIsNotOver, sign_off_audit_month
from accounts.actions.center import (
    ScheduleIsInThePast,
    create_center,
    set_center_schedule,
    update_center,
)
from accounts.actions.installation import (
    HubIsSetUp,
    Installation,
    install_first_organization,
    install_organization,
    update_installation,
)
from accounts.actions.organization import create_organization, update_organization
from accounts.actions.person import (
    LastOwner,
    change_own_profile,
    change_role,
    create_person,
    deactivate_person,
    generate_password,
    reactivate_person,
    reset_person_password,
    update_person,
)
from accounts.actions.refusals import Refused, SlugIsTaken
from accounts.actions.store import create_store, update_store

__all__ = [
    "HubIsSetUp",
    "Installation",
    "LastOwner",
    "MonthIsNotOver",
    "Refused",
    "ScheduleIsInThePast",
    "SlugIsTaken",
    "change_own_profile",
    "change_role",
    "create_center",
    "create_organization",
    "create_person",
    "create_store",
    "deactivate_person",
    "generate_password",
    "install_first_organization",
    "install_organization",
    "reactivate_person",
    "reset_person_password",
    "set_center_schedule",
    "sign_off_audit_month",
    "update_center",
    "update_installation",
    "update_organization",
    "update_person",
    "update_store",
]
