from kpi.actions.days import pack_days
from kpi.actions.following import catch_up
from kpi.actions.rebuilding import rebuild

__all__ = ["catch_up", "pack_days", "rebuild"]
