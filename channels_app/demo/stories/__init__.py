"""Told by hand, because the README, the desk and the board need them to be there: the coat, the present, the oddities."""
