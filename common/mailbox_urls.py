from django.urls import path

from common import mailbox

app_name = "mailbox"

urlpatterns = [
    path("", mailbox.mailbox_list, name="list"),
    path("<slug:key>", mailbox.mailbox_mail, name="mail"),
]
