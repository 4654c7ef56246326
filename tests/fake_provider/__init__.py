"""The sites that posts are embedded from, on this machine: for tests and for trying things out offline.

Needs Django as little as the tests' tools: the standard library and Pillow.
"""

from tests.fake_provider.scenarios import SCENARIOS
from tests.fake_provider.server import FakeProvider

__all__ = ["SCENARIOS", "FakeProvider"]
