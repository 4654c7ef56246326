"""The blog's addresses: Chirpy's, so that a moved blog keeps its links."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path, re_path

from blog.feeds import posts as post_feeds, prompts as prompt_feeds
from blog.feeds.answer import FeedView
from blog.sitemaps import index, section
from blog.views import authors, corrections, drafts, files, machines, models, posts, prompts, search, series


def _feeds(prefix: str, view: FeedView, name: str) -> list[URLPattern]:
    """The three feeds of a list, and their archives: `feed.xml` and `feed/archive/1.xml`."""
    kinds = (("feed", "xml", "atom"), ("rss", "xml", "rss"), ("feed", "json", "json"))
    archive = "archive/<int:number>"
    return [
        *(path(f"{prefix}{file}.{end}", view, {"kind": kind}, f"{name}{kind}") for file, end, kind in kinds),
        *(
            path(f"{prefix}{file}/{archive}.{end}", view, {"kind": kind}, f"{name}{kind}_archive")
            for file, end, kind in kinds
        ),
    ]


def _list(prefix: str, view: Callable[..., HttpResponseBase], name: str) -> list[URLPattern]:
    """A list, and its further pages."""
    return [path(f"{prefix}page/<int:number>/", view, name=f"{name}_page"), path(prefix, view, name=name)]


urlpatterns = [
    *_list("", posts.home, "home"),
    path("posts/<str:slug>/", posts.post, name="post"),
    path("posts/<str:slug>/prompts.txt", prompts.post_prompts, name="post_prompts"),
    path("posts/<str:slug>.md", machines.post_md, name="post_md"),
    *_list("posts/<str:slug>/corrections/", corrections.corrections, "corrections"),
    path("series/", series.all_series, name="all_series"),
    path("series/<str:slug>/", series.series, name="series"),
    path("preview/<str:token>/", drafts.draft, name="draft"),
    path("categories/", posts.categories, name="categories"),
    path("tags/", posts.tags, name="tags"),
    *_list("archives/", posts.archives, "archives"),
    *_list("archives/<int:year>/", posts.archives, "archive_year"),
    *_list("archives/<int:year>/<int:month>/", posts.archives, "archive_month"),
    *_feeds("", post_feeds.feed, ""),
    *_feeds("categories/<path:category>/", post_feeds.category_feed, "category_"),
    *_feeds("tags/<str:tag>/", post_feeds.tag_feed, "tag_"),
    *_list("categories/<path:path>/", posts.category, "category"),
    *_list("tags/<str:slug>/", posts.tag, "tag"),
    *_list("authors/<str:slug>/", authors.author, "author"),
    *_feeds("authors/<str:author>/", post_feeds.author_feed, "author_"),
    *_feeds("series/<str:series>/", post_feeds.series_feed, "series_"),
    *_list("prompts/", prompts.prompts, "prompts"),
    *_feeds("prompts/", prompt_feeds.feed, "prompts_"),
    path("prompts/failures/", prompts.failures, name="failures"),
    *_list("prompts/failures/<str:slug>/", prompts.failure, "failure"),
    path("prompts/<slug:public_id>/", prompts.prompt, name="prompt"),
    *(
        path(f"prompts/<slug:public_id>.{kind}", prompts.prompt_file, {"kind": kind}, f"prompt_{kind}")
        for kind in ("txt", "md", "json")
    ),
    path("search/", search.search, name="search"),
    path("models/", models.models, name="models"),
    *_list("models/<str:slug>/", models.model, "model"),
    *_feeds("models/<str:model>/", prompt_feeds.model_feed, "model_"),
    path("sitemap.xml", index, name="sitemap"),
    path("sitemap-<slug:name>-<int:number>.xml", section, name="sitemap_page"),
    path("sitemap-<slug:name>.xml", section, name="sitemap_section"),
    path("robots.txt", machines.robots, name="robots"),
    path("llms.txt", machines.llms, name="llms"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", machines.indexnow_key, name="indexnow_key"),
    path("healthz", files.healthz, name="healthz"),
    path("favicon.ico", files.favicon, name="favicon"),
    path("media/<path:path>", files.media, name="media"),
    re_path(rf"^(?P<path>.+\.(?i:{'|'.join(files.FILE_ENDINGS)}))$", files.moved_file, name="moved_file"),
    path("<str:slug>/", posts.page, name="page"),
]
