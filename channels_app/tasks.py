"""Where the worker finds this room's tasks: each adapter's own, by name."""

from channels_app.sales_file.tasks import pick_up_sales_imports, work_on_sales_import

__all__ = ["pick_up_sales_imports", "work_on_sales_import"]
