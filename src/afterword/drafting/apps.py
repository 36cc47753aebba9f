from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "afterword.drafting"
    label = "drafting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.drafting.similar.subscriptions import begin_to_listen

        begin_to_listen()
