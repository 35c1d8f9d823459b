"""Registers the project package itself, for its management commands, and which static files are served."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CxhubConfig(AppConfig):
    name = "cxhub"


class StaticConfig(StaticFilesConfig):
    """Static files without the style sheet's source, which only Tailwind can read."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "css/*.css", ".*-digest"]
