from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "afterword.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
