from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from papers.lists import views as lists

urlpatterns = [
    path("", lists.home, name="home"),
    path("", include("papers.urls")),
    path("", include("discussions.urls")),
    path("", include("groups.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.sign_in.urls")),
    path("", include("common.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("", include("devtools.urls")))

handler400 = "common.errors.bad_request"
handler403 = "common.errors.permission_denied"
handler404 = "common.errors.page_not_found"
handler500 = "common.errors.server_error"
