from django.apps import AppConfig


class FollowUpsConfig(AppConfig):
    name = "afterword.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.followups.flow_tasks import begin_to_tick
        from afterword.followups.sections import draw_follow_ups
        from afterword.postmortems.live import register, register_editor

        register("follow-ups", draw_follow_ups)
        register_editor("follow-ups", "followups:of_document", "Add, choose and change them")
        begin_to_tick()
