from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "afterword.drafting"
    label = "drafting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.drafting.record.cards import draw_of_sections
        from afterword.drafting.similar.subscriptions import begin_to_listen
        from afterword.postmortems.remarks import register_section_remarks

        begin_to_listen()
        register_section_remarks(draw_of_sections)
