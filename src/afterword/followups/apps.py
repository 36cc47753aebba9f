from django.apps import AppConfig


class FollowUpsConfig(AppConfig):
    name = "afterword.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"
