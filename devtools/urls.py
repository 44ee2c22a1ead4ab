"""Pages for developers; config.urls includes them only in development."""

from django.urls import path

from devtools import design, mailbox

app_name = "devtools"

urlpatterns = [
    path("about/design", design.design_page, name="design"),
    path("mail/", mailbox.mailbox_list, name="mailbox_list"),
    path("mail/<slug:key>", mailbox.mailbox_mail, name="mailbox_mail"),
]
