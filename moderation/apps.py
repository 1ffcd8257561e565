from django.apps import AppConfig
from django.conf import settings


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        # Inline: all of these need the models to be loaded.
        from moderation import detector, handling, permissions, receivers  # noqa: F401, PLC0415
        from moderation.appeals import ending, filing, telling  # noqa: PLC0415
        from moderation.claims import letters  # noqa: PLC0415
        from moderation.claims import receivers as of_claims  # noqa: F401, PLC0415
        from moderation.reasons import for_entrant  # noqa: PLC0415
        from moderation.statements import of_reasons  # noqa: PLC0415
        from submissions import events, notices, reasons  # noqa: PLC0415

        letters.register()
        detector.use(crops=settings.DETECTOR_CROPS)
        if for_entrant not in reasons.providers:
            reasons.providers.append(for_entrant)
        if of_reasons not in reasons.statements:
            reasons.statements.append(of_reasons)
        if telling.of not in events.providers:
            events.providers.append(telling.of)
        notices.tellers[filing.FILED] = telling.filed
        notices.tellers[ending.ENDED] = telling.ended
        notices.tellers[handling.MENTIONED] = handling.told
