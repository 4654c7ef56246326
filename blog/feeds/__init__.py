"""Feeds with the full text.

Atom: RFC 4287. RSS 2.0: https://www.rssboard.org/rss-specification. JSON Feed: https://www.jsonfeed.org/version/1.1/
"""
