from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Tasks are sent through this app. Not in the package's __init__: the servers' keeper imports the
        # package before there are any settings to read.
        from config import celery  # noqa: F401, PLC0415
