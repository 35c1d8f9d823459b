from __future__ import annotations

import pytest

from tests.kpi.histories import USUAL, House, Story, make_house


@pytest.fixture
def house(db: None) -> House:
    """Two centers: seoul is open on weekdays from 9 to 18 with lunch from 12 to 13, busan always."""
    return make_house(USUAL)


@pytest.fixture
def story() -> Story:
    return Story()
