from django.apps import AppConfig


class WordingConfig(AppConfig):
    name = "afterword.wording"
    label = "wording"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.postmortems.remarks import register_review_remarks, register_section_remarks
        from afterword.postmortems.review.checks import Step, register_check
        from afterword.wording.cards import draw_of_review, draw_of_sections
        from afterword.wording.checks import find_unexplained

        register_check(find_unexplained, before=Step.APPROVAL)
        register_section_remarks(draw_of_sections)
        register_review_remarks(draw_of_review)
