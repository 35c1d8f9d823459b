from tests.channels_app.telephony.exchanges import exchange

__all__ = ["exchange"]
