"""What machines are told about a page: search engines, link previews, readers of Markdown."""
