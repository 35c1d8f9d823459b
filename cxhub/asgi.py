"""The server's door for uvicorn: HTTP, sockets and what starts with the server."""

import gc
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxhub.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from channels_app.routing import websocket_urlpatterns  # noqa: E402
from cxhub.http import ThreadedASGIHandler  # noqa: E402
from cxhub.lifespan import lifespan  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": ThreadedASGIHandler(),
        # Each socket checks its own origins and people: the desk allows this host, the widget the shop's pages.
        "websocket": URLRouter(websocket_urlpatterns),
        "lifespan": lifespan,
    }
)

# What was loaded at start is never garbage; scanning it delays every socket (p99 70 ms against 7 ms with 50 open).
gc.collect()
gc.freeze()
# Every rendered page is a ring (Django's contexts point at themselves) and waits for this, with every thread: of 50,000
# objects 50 ms, of 10,000 6 to 9 ms (more than anything else that a chat's slowest messages met), of 2,500 1.7 ms. The
# older ones as seldom as before; together the portions cost what the whole did.
gc.set_threshold(2_500, 400, 50)

# A socket's loop that wants the interpreter waits this long for a thread that draws a page (Python's own: 5 ms). Chat's
# p99 with fifty conversations was 73 ms instead of 91 (medians of five runs each, on a busy machine: the ranges overlap).
sys.setswitchinterval(0.001)
