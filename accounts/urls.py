from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("@<slug:username>", views.profile_page, name="profile_page"),
    path("appearance", views.appearance, name="appearance"),
    path("sign-up/again", views.sign_up_again, name="sign_up_again"),
    path("suspended", views.suspended, name="suspended"),
    path("settings", views.settings_home, name="settings"),
    path("settings/profile", views.profile_settings, name="profile_settings"),
    path("settings/security", views.security, name="security"),
    path("settings/security/sessions/<int:pk>/end", views.session_end, name="session_end"),
    path("settings/appearance", views.appearance_settings, name="appearance_settings"),
    path("settings/time-zone", views.time_zone_settings, name="time_zone_settings"),
]
