"""Who an address on another site belongs to: URL or include → provider and id. No models, no network."""

from blog.embeds.base import Identity, Provider
from blog.embeds.registry import identify, provider, resolve_include

__all__ = ["Identity", "Provider", "identify", "provider", "resolve_include"]
