from django.apps import AppConfig


class WordingConfig(AppConfig):
    name = "afterword.wording"
    label = "wording"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.postmortems.remarks import register_prose_remarks, register_review_remarks
        from afterword.postmortems.review.checks import Step, register_check
        from afterword.wording.cards import draw_of_prose, draw_of_review
        from afterword.wording.checks import find_unexplained, state_of_words

        register_check(find_unexplained, before=Step.APPROVAL, state=state_of_words)
        register_prose_remarks(draw_of_prose)
        register_review_remarks(draw_of_review)
