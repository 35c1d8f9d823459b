"""HTTP for gunicorn's threads; sockets go to cxhub.asgi."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxhub.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
