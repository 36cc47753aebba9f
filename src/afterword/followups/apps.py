from django.apps import AppConfig


class FollowUpsConfig(AppConfig):
    name = "afterword.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.followups.checks import ask_for_tickets
        from afterword.followups.document_panel import FollowUpPanel
        from afterword.followups.flow_tasks import begin_to_tick
        from afterword.followups.prose import prose_of_follow_ups
        from afterword.followups.sections import draw_follow_ups
        from afterword.postmortems.live import register, register_editor
        from afterword.postmortems.panels import register_panel
        from afterword.postmortems.prose import register_prose

        register("follow-ups", draw_follow_ups)
        register_editor("follow-ups", "followups:of_document", "Choose which it shows")
        register_panel("follow-ups", FollowUpPanel())
        register_prose("follow-ups", prose_of_follow_ups)
        begin_to_tick()
        ask_for_tickets()
