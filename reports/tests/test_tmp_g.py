import datetime, pathlib, pytest
from reports.tests.factories import full_plan
from reports import services
@pytest.mark.django_db
def test_try(monkeypatch):
    monkeypatch.setattr('training.queries._list_url', lambda *a: None)
    plan = full_plan()
    d = services.draft(plan, datetime.date(2026,10,31))
    pathlib.Path('/tmp/g/full.pdf').write_bytes(d.rendered.content)
    import json; pathlib.Path('/tmp/g/full.json').write_text(json.dumps(d.data, ensure_ascii=False, indent=1))
