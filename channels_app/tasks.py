"""Where the worker finds this room's tasks: each adapter's own, by name."""

from channels_app.consents.tasks import plan_all_reminders, plan_notices, send_notices
from channels_app.deliveries.tasks import send_deliveries, send_delivery
from channels_app.sales_file.tasks import pick_up_sales_imports, work_on_sales_import
from channels_app.telephony.tasks import hand_over_call, play_simulated_call

__all__ = [
    "hand_over_call",
    "pick_up_sales_imports",
    "plan_all_reminders",
    "plan_notices",
    "play_simulated_call",
    "send_deliveries",
    "send_delivery",
    "send_notices",
    "work_on_sales_import",
]
