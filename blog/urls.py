"""The blog's addresses: Chirpy's, so that a moved blog keeps its links."""

from django.urls import path, re_path

from blog import feeds, views
from blog.sitemaps import sitemap

_FEEDS = (("feed.xml", "atom"), ("rss.xml", "rss"), ("feed.json", "json"))

urlpatterns = [
    path("", views.home, name="home"),
    path("page/<int:number>/", views.home, name="home_page"),
    path("posts/<str:slug>/", views.post, name="post"),
    path("categories/", views.categories, name="categories"),
    path("tags/", views.tags, name="tags"),
    path("archives/", views.archives, name="archives"),
    path("archives/<int:year>/", views.archives, name="archive_year"),
    path("archives/<int:year>/<int:month>/", views.archives, name="archive_month"),
    *(path(file, feeds.feed, {"kind": kind}, name=f"{kind}") for file, kind in _FEEDS),
    *(
        path(f"categories/<path:category>/{file}", feeds.feed, {"kind": kind}, f"category_{kind}")
        for file, kind in _FEEDS
    ),
    *(path(f"tags/<str:tag>/{file}", feeds.feed, {"kind": kind}, name=f"tag_{kind}") for file, kind in _FEEDS),
    path("categories/<path:path>/", views.category, name="category"),
    path("tags/<str:slug>/", views.tag, name="tag"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("media/<path:path>", views.media, name="media"),
    re_path(r"^(?P<path>.+\.(?i:png|jpe?g|gif|webp|avif))$", views.moved_image, name="moved_image"),
    path("<str:slug>/", views.page, name="page"),
]
