"""Registers the project package itself, for its management commands and checks."""

from django.apps import AppConfig


class CxhubConfig(AppConfig):
    name = "cxhub"
