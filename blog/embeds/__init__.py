"""Posts of other sites: URL or include → identity → snapshot and player. No models; `http` alone uses the network."""

from blog.embeds.base import Identity, Player, Provider, Snapshot
from blog.embeds.registry import identify, provider, resolve_include

__all__ = ["Identity", "Player", "Provider", "Snapshot", "identify", "provider", "resolve_include"]
