"""Stage 1 of rendering: Markdown → sanitised HTML with inert placeholders. Pure: no Django, no database.

    render("**굵게**") → Rendered(html="<p><strong>굵게</strong></p>", …)

`worker.render` is the same in a process of its own that is stopped at a deadline; saving a post uses that one.
"""

from blog.rendering.pipeline import RENDERER_VERSION, render
from blog.rendering.rendered import EmbedRef, Heading, PromptRef, Rendered, RenderError

__all__ = ["RENDERER_VERSION", "EmbedRef", "Heading", "PromptRef", "RenderError", "Rendered", "render"]
