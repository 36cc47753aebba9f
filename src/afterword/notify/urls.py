from __future__ import annotations

from django.urls import URLPattern, path

from afterword.notify import views
from afterword.notify.contact import views as contact
from afterword.notify.paging import answer_views
from afterword.notify.paging import views as paging

app_name = "notify"
METHOD = "profile/contact-methods/<uuid:unique_id>"

urlpatterns: list[URLPattern] = [
    path("ack/<str:token>", answer_views.answer, name="answer"),
    path("profile/contact-methods", contact.contact_methods, name="contact_methods"),
    path(f"{METHOD}", contact.contact_method, name="contact_method"),
    path(f"{METHOD}/verification", contact.verify, name="verify_contact_method"),
    path(f"{METHOD}/code", contact.send_code, name="send_contact_code"),
    path(f"{METHOD}/test", contact.send_test, name="test_contact_method"),
    path(f"{METHOD}/place", contact.place, name="place_contact_method"),
    path(f"{METHOD}/removal", contact.removal, name="remove_contact_method"),
    path("incidents/<int:number>/paging", paging.show_paging, name="paging"),
    path("incidents/<int:number>/messages", views.show_messages, name="messages"),
    path("incidents/<int:number>/deliveries/<int:delivery>/retry", views.retry, name="retry"),
]
