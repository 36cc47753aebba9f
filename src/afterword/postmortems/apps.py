from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "afterword.postmortems"
    label = "postmortems"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.incidents.frame import register_writing
        from afterword.postmortems.flow_tasks import begin_to_tick
        from afterword.postmortems.incident_pages import name_postmortems
        from afterword.postmortems.review.letters import register_writers

        register_writing(name_postmortems)
        begin_to_tick()
        register_writers()
