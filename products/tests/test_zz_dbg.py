import pytest
@pytest.mark.django_db
def test_x(criteria):
    from evaluation.models import Criterion
    assert Criterion.objects.count()
