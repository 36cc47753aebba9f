from django.apps import AppConfig


class FollowUpsConfig(AppConfig):
    name = "afterword.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.followups.document_panel import FollowUpPanel
        from afterword.followups.flow_tasks import begin_to_tick
        from afterword.followups.sections import draw_follow_ups
        from afterword.postmortems.live import register, register_editor
        from afterword.postmortems.panels import register_panel

        register("follow-ups", draw_follow_ups)
        register_editor("follow-ups", "followups:of_document", "Choose which it shows")
        register_panel("follow-ups", FollowUpPanel())
        begin_to_tick()
