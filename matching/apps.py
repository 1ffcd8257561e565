from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import permissions  # noqa: F401, PLC0415 -- predicates need the models to be loaded
