from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        from submissions import permissions  # noqa: F401, PLC0415 -- predicates need the models to be loaded
