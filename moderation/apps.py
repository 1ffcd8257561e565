from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        # Inline: all of these need the models to be loaded.
        from moderation import permissions, receivers  # noqa: F401, PLC0415
        from moderation.reasons import for_entrant  # noqa: PLC0415
        from moderation.statements import of_reasons  # noqa: PLC0415
        from submissions import reasons  # noqa: PLC0415

        if for_entrant not in reasons.providers:
            reasons.providers.append(for_entrant)
        if of_reasons not in reasons.statements:
            reasons.statements.append(of_reasons)
