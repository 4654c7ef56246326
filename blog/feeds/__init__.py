"""Feeds: Atom, RSS and JSON of all posts and of parts of them, each with its archives.

Atom: RFC 4287. RSS 2.0: https://www.rssboard.org/rss-profile. JSON Feed: https://www.jsonfeed.org/version/1.1/
Archives: RFC 5005. Media RSS: https://www.rssboard.org/media-rss. WebSub: https://www.w3.org/TR/websub/
"""
