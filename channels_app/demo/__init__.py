"""An invented shop, 하늘상회, with a history and an ongoing day: what a newcomer sees first.

Pure data and chance here: envelopes in the form of EVENTS.md come out, and enter the hub only through its own doors
(`manage.py demo` through `intake.receive`, `manage.py demo_live` through the public API and the widget).
Nobody in it exists: Korean mobile numbers never begin with 010-0.
"""
