from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "afterword.drafting"
    label = "drafting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from afterword.drafting.evidence.attachments import gather_attachments
        from afterword.drafting.evidence.sources import register_source
        from afterword.drafting.interviews import letters as interview_letters
        from afterword.drafting.interviews.evidence import gather_answers
        from afterword.drafting.interviews.subscriptions import begin_to_listen as keep_answers
        from afterword.drafting.record.cards import draw_of_sections
        from afterword.drafting.similar.subscriptions import begin_to_listen
        from afterword.drafting.suggestions.cards import draw_document, draw_offers, find_marks
        from afterword.drafting.suggestions.subscriptions import begin_to_draft
        from afterword.postmortems.marks import register_marks
        from afterword.postmortems.remarks import (
            register_document_remarks,
            register_section_offers,
            register_section_remarks,
        )

        begin_to_listen()
        register_section_remarks(draw_of_sections)
        register_source("attachment", gather_attachments)
        register_source("answer", gather_answers)
        interview_letters.register_writers()
        keep_answers()
        begin_to_draft()
        register_section_offers(draw_offers)
        register_document_remarks(draw_document)
        register_marks(find_marks)
