"""Who does something: a person, or the system under a name. There is no third, and never nobody."""

from dataclasses import dataclass

from accounts.models import Person


@dataclass(frozen=True, slots=True)
class System:
    """A command, a task or an API key acting without a person. `name` is what the audit trail shows."""

    name: str


Actor = Person | System
