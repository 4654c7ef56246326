"""Roost: a blog for people who write about media made with AI."""
