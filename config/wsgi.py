"""The WSGI application: `granian --interface wsgi config.wsgi:application`."""

import gc
import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application: Any = get_wsgi_application()
if settings.PAGE_CACHE_BYTES:
    from blog.pagecache import PageCache  # the apps are ready by now

    application = PageCache(application, settings.PAGE_CACHE_BYTES)
gc.collect()
gc.freeze()  # what has been loaded stays: no need to look through it again and again
