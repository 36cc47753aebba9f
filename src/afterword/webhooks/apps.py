from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "afterword.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.webhooks.letters import register_writers
        from afterword.webhooks.subscriptions import begin_to_listen

        begin_to_listen()
        register_writers()
