"""These tests stand on this app alone: what higher apps demand at filing is put aside."""

import pytest

from products.tests.factories import own_demands_only


@pytest.fixture(autouse=True)
def products_alone():
    with own_demands_only():
        yield
