"""Mail: over one server of the installation (MAIL_URL), with an account for each address that a shop writes from."""
