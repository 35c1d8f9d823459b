"""An ongoing day of the invented shop, played against a running hub from outside: public API and widget only.

Nothing here touches the database; it knows what a till, an exchange, a shop's web server and a browser would know.
"""
