"""HTTP for gunicorn's threads; sockets go to cxhub.asgi."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxhub.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()
# As in cxhub.asgi: every rendered page leaves rings behind, and somebody's request waits while they are collected.
gc.set_threshold(2_500, 400, 50)
