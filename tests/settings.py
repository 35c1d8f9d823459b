"""The hub's settings for one run of the tests: a folder and a Redis of its own, passwords hashed cheaply."""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

from cxhub import redis_server

_folder = tempfile.mkdtemp(prefix="cxhub-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
os.environ.setdefault("SQLITE_SYNCHRONOUS", "OFF")
os.environ.setdefault("LOG_LEVEL", "WARNING")
# Runs that share one Redis (two workers, two developers) must not hear each other.
os.environ["REDIS_PREFIX"] = f"cxhub-test-{os.getpid()}"
if not os.environ.get("REDIS_URL"):
    _redis = redis_server.start()
    atexit.register(_redis.stop)
    os.environ["REDIS_URL"] = _redis.url
# Emptying the cache empties a whole database of Redis: each worker has its own.
if _worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    _parts = urlsplit(os.environ["REDIS_URL"])
    _number = (int(_parts.path.strip("/") or 0) + int(_worker)) % 16
    os.environ["REDIS_URL"] = _parts._replace(path=f"/{_number}").geturl()

from cxhub.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
