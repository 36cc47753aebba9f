from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "afterword.ingest"
    label = "ingest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.ingest import subscriptions

        subscriptions.subscribe_all()
