from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "afterword.postmortems"
    label = "postmortems"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.incidents.frame import register_writing
        from afterword.incidents.written import register_postmortems
        from afterword.postmortems import stars
        from afterword.postmortems.comments import letters as comment_letters
        from afterword.postmortems.fields.checks import ask_for_fields
        from afterword.postmortems.flow_tasks import begin_to_tick
        from afterword.postmortems.incident_pages import name_postmortems
        from afterword.postmortems.panels import register_panel
        from afterword.postmortems.review import letters as review_letters
        from afterword.postmortems.summary_saves import begin_to_listen
        from afterword.postmortems.zenduty_incidents import find_written, narrow_written

        register_panel("timeline", stars.TimelinePanel())
        register_writing(name_postmortems)
        register_postmortems(find_written, narrow_written)
        begin_to_tick()
        begin_to_listen()
        ask_for_fields()
        review_letters.register_writers()
        comment_letters.register_writers()
