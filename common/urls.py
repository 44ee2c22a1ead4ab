from django.urls import path

from common import about

app_name = "common"

urlpatterns = [
    path("about", about.about_page, name="about"),
    path("about/keyboard", about.keyboard_page, name="keyboard"),
    path("about/appearance", about.appearance_page, name="appearance"),
]
