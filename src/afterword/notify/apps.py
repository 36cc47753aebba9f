from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "afterword.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.notify.flow_letters import register_writers
        from afterword.notify.paging.evidence import register_sources
        from afterword.notify.paging.subscriptions import begin_to_listen

        begin_to_listen()
        register_writers()
        register_sources()
