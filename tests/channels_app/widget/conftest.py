"""The shop whose widget these tests use."""

import pytest

from channels_app.models.widget import WidgetSettings
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import Visitor, make_widget


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    # Not in a transaction: intake owns its own.
    return make_organization()


@pytest.fixture
def widget(cast: Cast) -> WidgetSettings:
    return make_widget(cast)


@pytest.fixture
def visitor(widget: WidgetSettings) -> Visitor:
    visitor = Visitor(widget)
    visitor.open()
    return visitor
