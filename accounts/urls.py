from django.urls import path

from accounts.profile.views import profile_page, profile_settings
from accounts.settings import views as settings
from accounts.sign_in.views import sign_up_again
from accounts.suspensions.views import suspended

app_name = "accounts"

urlpatterns = [
    path("@<slug:username>", profile_page, name="profile_page"),
    path("appearance", settings.appearance, name="appearance"),
    path("sign-up/again", sign_up_again, name="sign_up_again"),
    path("suspended", suspended, name="suspended"),
    path("settings", settings.settings_home, name="settings"),
    path("settings/profile", profile_settings, name="profile_settings"),
    path("settings/security", settings.security, name="security"),
    path("settings/security/sessions/<int:pk>/end", settings.session_end, name="session_end"),
    path("settings/appearance", settings.appearance_settings, name="appearance_settings"),
    path("settings/time-zone", settings.time_zone_settings, name="time_zone_settings"),
]
