from kpi.actions.following import catch_up

__all__ = ["catch_up"]
