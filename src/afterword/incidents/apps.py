from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "afterword.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.incidents.flow.subscriptions import begin_to_listen

        begin_to_listen()
