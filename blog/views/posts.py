"""The front page, posts, pages, and the lists of posts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Q, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import clock, lists, presentation, related, translations, zoom
from blog.corrections import corrections_of
from blog.models import Category, Page, Post
from blog.prompts import texts
from blog.views import heads
from blog.views.common import (
    LINES_A_PAGE,
    POSTS_A_PAGE,
    allowing,
    embeds_with_posters,
    lines_of,
    normalized,
    page_of,
    paged,
    prompts_with_models,
    render,
    site_url,
)
from blog.views.moved import moved
from blog.views.series import place_of, public_series
from blog.views.signature import signature_of

_LONG = 4  # headings that make the contents of a page worth showing


@paged
def home(request: HttpRequest, number: int) -> HttpResponse:
    """Pinned posts, then the newest; the first of all large."""
    page = page_of(lines_of(lists.home()), number, POSTS_A_PAGE)
    lead = page.object_list[0] if number == 1 and page.object_list else None
    if lead:
        prefetch_related_objects([lead], embeds_with_posters())
    still = presentation.still_of(lead) if lead else None
    head = heads.home(request, page, number)
    return render(request, "blog/home.html", {"page": page, "lead": lead, "still": still, "head": head})


@require_safe
def post(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One post."""
    if slug != normalized(slug):
        return redirect("post", normalized(slug), permanent=True)
    public = Post.objects.published().with_byline().select_related("generator", "author__profile__picture", "series")
    found = public.filter(slug=slug).first()
    return render_post(request, found) if found else moved(request, "post", slug)


def render_post(request: HttpRequest, shown: Post) -> HttpResponse:
    """The page of a post, published or (in the admin's preview) not."""
    context, source = post_context(request, shown)
    return allowing(render(request, "blog/post.html", context), context["embeds"], source)


def post_context(request: HttpRequest, shown: Post) -> tuple[dict[str, Any], str]:
    """What the template of a post needs, and the source expression that allows its author's colours."""
    prefetch_related_objects([shown], "tags", embeds_with_posters(), prompts_with_models())
    prompts = presentation.current_prompts(shown)
    html, sheet, source = presentation.page_styles(_with_links(presentation.body(shown, "page")), shown.image)
    embeds = presentation.embeds_of(shown)
    languages = translations.published_group(shown)
    context = {
        "post": shown,
        "head": heads.post(request, shown, embeds, languages),
        "languages": [one for one in languages if one.pk != shown.pk],
        "embeds": embeds,
        "players": bool(embeds),
        "has_code": presentation.has_code(html),
        "body": mark_safe(html),  # presentation's, with classes for styles
        "zooms": _has_links(html),
        "sheet": sheet,
        "place": place_of(shown),
        "signature": signature_of(shown, heads.site_of(request)),
        "related": related.shown(shown),
        "corrections": corrections_of(shown) if shown.show_corrections and shown.is_public else [],
        "toc": _nested(shown.toc),
        "retired": presentation.retired_models(shown),
        "all_prompts": texts.all_of(shown, prompts, site_url(request)) if len(prompts) > 1 else "",
        **_neighbours(shown),
    }
    return context, source


def _with_links(html: str) -> str:
    """A body whose pictures lead to their files."""
    return zoom.linked(html, _("Enlarge the picture"))


def _has_links(html: str) -> bool:
    return 'class="zoom"' in html or 'class="enlarge"' in html


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page such as About."""
    shown = Page.objects.filter(slug=normalized(slug), published=True).first()
    if shown is None:
        return moved(request, "page", normalized(slug))
    body, embeds = presentation.page_body(shown)
    html, sheet, source = presentation.page_styles(_with_links(body))
    context = {
        "page": shown,
        "body": mark_safe(html),
        "sheet": sheet,
        "players": bool(embeds),
        "zooms": _has_links(html),
        "toc": _nested(toc) if len(toc := shown.refs.get("toc", [])) >= _LONG else [],
        "head": heads.page(request, shown),
        "has_code": presentation.has_code(html),
    }
    return allowing(render(request, "blog/page.html", context), embeds, source)


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """The tree, with the number of posts in each branch."""
    counts = lists.counts(lists.Kind.CATEGORY)
    shown = [
        {"category": category, "count": counts[category.pk], "depth": category.path.count("/") + 1}
        for category in sorted(Category.objects.filter(pk__in=counts), key=lambda c: c.path.split("/"))
    ]
    names = " · ".join(str(row["category"]) for row in shown)
    context = {
        "tree": _nested_by_depth(shown),
        "has_series": public_series().exists(),
        "head": heads.posts(request, _("Categories"), [], names),
    }
    return render(request, "blog/categories.html", context)


@paged
def category(request: HttpRequest, path: str, number: int) -> HttpResponseBase:
    """A category with everything below it."""
    path = normalized(path)
    found = Category.objects.filter(path=path).first()
    if found is None:
        return _moved_category(request, path)
    shown = page_of(lines_of(lists.listed(lists.Kind.CATEGORY, found.pk)), number, LINES_A_PAGE)
    if not shown.paginator.count:
        raise Http404
    children = found.children.filter(pk__in=lists.counts(lists.Kind.CATEGORY))
    context = {"category": found, "page": shown, "children": children, "head": heads.category(request, found, shown)}
    return render(request, "blog/category.html", context)


def _moved_category(request: HttpRequest, path: str) -> HttpResponseBase:
    """Chirpy's flat `/categories/news/` belongs to the category of that name with something to read."""
    if "/" not in path:
        counts = lists.counts(lists.Kind.CATEGORY)
        for candidate in Category.objects.filter(slug=path).order_by("path"):
            if candidate.pk in counts:
                return redirect(candidate, permanent=True)
    return moved(request, "category", path)


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """All tags, the most used first."""
    shown = lists.tags()
    head = heads.posts(request, _("Tags"), [], " ".join(f"#{tag.name}" for tag in shown))
    return render(request, "blog/tags.html", {"tags": shown, "head": head})


@paged
def tag(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The posts of a tag."""
    found = Tag.objects.filter(slug=normalized(slug)).first()
    if found is None:
        return moved(request, "tag", normalized(slug))
    shown = page_of(lines_of(lists.listed(lists.Kind.TAG, found.pk)), number, LINES_A_PAGE)
    if not shown.paginator.count:
        raise Http404
    head = heads.posts(request, f"#{found.name}", shown)
    return render(request, "blog/tag.html", {"tag": found, "page": shown, "head": head})


@paged
def archives(request: HttpRequest, number: int, year: int | None = None, month: int | None = None) -> HttpResponse:
    """All posts by year and month; or those of one year, or month."""
    years = lists.years()
    if year is not None and (year not in years or (month is not None and not 1 <= month <= 12)):
        raise Http404
    shown = page_of(lines_of(lists.within(year, month) if year else lists.posts()), number, LINES_A_PAGE)
    if not shown.paginator.count and year is not None:
        raise Http404
    counted = [{"year": one, "count": count} for one, count in years.items()]
    context = {"page": shown, "years": counted, "groups": _by_year_and_month(shown.object_list), "year": year}
    period = f" {year}" if year else ""
    title = f"{_('Archives')}{period}{f'.{month:02d}' if month else ''}"
    return render(
        request, "blog/archives.html", {**context, "month": month, "head": heads.posts(request, title, shown)}
    )


def _by_year_and_month(posts: Iterable[Post]) -> list[tuple[int, list[tuple[int, list[Post]]]]]:
    dated = [(timezone.localtime(post.publish_at), post) for post in posts]
    return [
        (year, [(month, [post for _, post in rows]) for month, rows in groupby(of_year, key=lambda row: row[0].month)])
        for year, of_year in groupby(dated, key=lambda row: row[0].year)
    ]


def _neighbours(shown: Post) -> dict[str, Post | None]:
    """The posts before and after this one, by one query."""
    at, pk = shown.publish_at, shown.pk
    if at is None:
        return {"older": None, "newer": None}
    posts, now = Post.objects.published(), clock.now()
    # Said so that the databases begin to read their index at this post: with one end, not two.
    older = Post.objects.published(min(at, now)).exclude(publish_at=at, pk__gte=pk).newest_first()
    newer = posts.filter(publish_at__gte=at).exclude(publish_at=at, pk__lte=pk).order_by("publish_at", "pk")
    found = Post.objects.filter(Q(pk=Subquery(older.values("pk")[:1])) | Q(pk=Subquery(newer.values("pk")[:1]))).only(
        "title", "slug", "publish_at", "lang"
    )
    sides: dict[str, Post | None] = {"older": None, "newer": None}
    for neighbour in found:
        assert neighbour.publish_at is not None
        sides["older" if (neighbour.publish_at, neighbour.pk) < (at, pk) else "newer"] = neighbour
    return sides


def _nested(toc: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The table of contents as a tree: each heading holds those below it in `children`."""
    return _nested_by_depth([{**heading, "depth": heading["level"]} for heading in toc])


def _nested_by_depth(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    root: list[dict[str, Any]] = []
    branch: list[tuple[int, list[dict[str, Any]]]] = [(0, root)]
    for row in rows:
        while branch[-1][0] >= row["depth"]:
            branch.pop()
        entry = {**row, "children": []}
        branch[-1][1].append(entry)
        branch.append((row["depth"], entry["children"]))
    return root
