"""Bringing a blog here from elsewhere."""
