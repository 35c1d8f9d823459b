"""HTTP for gunicorn's threads; sockets go to cxhub.asgi."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxhub.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()
# Every rendered page is a ring (Django's contexts point at themselves) and waits for this: of 50,000 objects the request
# that happens to be the fiftieth takes 50 ms longer, of 10,000 one in ten 3 ms.
gc.set_threshold(10_000, 100, 50)
