"""Where the worker finds this room's tasks, by name."""

from kpi.surveys.tasks import follow_all_answers, plan_all_surveys, send_all_surveys

__all__ = ["follow_all_answers", "plan_all_surveys", "send_all_surveys"]
