"""All addresses: the admin's and the blog's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("blog.urls")),
]

handler403 = "blog.views.files.denied"
handler404 = "blog.views.files.not_found"
handler500 = "blog.views.files.server_error"
