from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "afterword.drafting"
    label = "drafting"
    default_auto_field = "django.db.models.BigAutoField"
