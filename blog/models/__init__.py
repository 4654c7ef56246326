"""What is stored. Derived columns say so; `blog.publishing` fills them."""

from blog.models.announced import Announced
from blog.models.category import Category
from blog.models.change import ContentChange
from blog.models.clip import Clip
from blog.models.desk import DeskVisit
from blog.models.embed import Embed, PostEmbed, StatusChange
from blog.models.generator import Generator
from blog.models.image import Image
from blog.models.listing import Listing
from blog.models.mention import Mention
from blog.models.page import Page
from blog.models.post import Post, PostTag
from blog.models.profile import Profile
from blog.models.prompt import FailureMode, Prompt, PromptTranslation
from blog.models.redirect import Redirect
from blog.models.revision import Revision, ShareLink
from blog.models.search import PostEntry, PromptEntry
from blog.models.series import Series
from blog.models.site import SiteSettings

__all__ = [
    "Announced",
    "Category",
    "Clip",
    "ContentChange",
    "DeskVisit",
    "Embed",
    "FailureMode",
    "Generator",
    "Image",
    "Listing",
    "Mention",
    "Page",
    "Post",
    "PostEmbed",
    "PostEntry",
    "PostTag",
    "Profile",
    "Prompt",
    "PromptEntry",
    "PromptTranslation",
    "Redirect",
    "Revision",
    "Series",
    "ShareLink",
    "SiteSettings",
    "StatusChange",
]
