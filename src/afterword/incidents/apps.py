from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "afterword.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.incidents.flow import subscriptions as flow
        from afterword.incidents.privacy import subscriptions as privacy

        privacy.begin_to_listen()
        flow.begin_to_listen()
