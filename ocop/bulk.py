# ruff: noqa: E501  lists of words and SQL, read in columns
"""A large province for measuring: 150 communes, 20,000 products, 60,000 dossier versions in seconds.

Rows are written past the services, so this is for tests and `script/bench` only: on a database of its
own, never on a province's.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

import pgtrigger
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F

from accounts.enums import Role
from accounts.models import Membership, User
from core.enums import UnitKind, UnitLevel
from core.models import AdminUnit
from products.enums import LegalForm
from products.models import Dossier, DossierVersion, Entity, EntityAccount, Product, ProductSet, Recognition

GOODS = (
    "Bánh đa vừng", "Chè xanh", "Mật ong hoa rừng", "Nước mắm cá cơm", "Kẹo cu đơ", "Gạo nếp cái", "Bưởi Phúc Trạch",
    "Cam chanh", "Nhung hươu tươi", "Trà hoa vàng", "Miến dong", "Tương nếp", "Bún khô", "Dầu lạc", "Ruốc cá",
    "Rượu nếp cẩm", "Nấm linh chi", "Bột nghệ", "Tinh dầu sả", "Chiếu cói", "Gốm men nâu", "Thịt chua", "Giò me",
    "Mực khô", "Đường phèn", "Ổi lê", "Ăn vặt khoai dẻo", "Muối biển", "Cá thu kho", "Hành tăm",
)  # fmt: skip
PLACES = (
    "Cẩm Bình", "Đức Thọ", "Hương Khê", "Vũ Quang", "Thạch Hà", "Nghi Xuân", "Can Lộc", "Kỳ Anh", "Lộc Hà", "Sơn Hàm",
    "Đồng Tâm", "Tân Tiến", "Phúc Trạch", "Hồng Lĩnh", "Ân Phú",
)  # fmt: skip
FORMS = (
    ("Hợp tác xã", LegalForm.COOPERATIVE), ("HTX nông nghiệp", LegalForm.COOPERATIVE),
    ("Công ty TNHH", LegalForm.SME), ("Hộ kinh doanh", LegalForm.HOUSEHOLD), ("Tổ hợp tác", LegalForm.COOPERATIVE_GROUP),
)  # fmt: skip
TEXT = "Sản phẩm được làm từ nguyên liệu trong vùng theo cách làm lâu đời của người dân địa phương. " * 8
BATCH = 2000


@dataclass(frozen=True)
class Size:
    """How many rows of each kind; every second dossier was returned once and has a second version."""

    communes: int = 150
    entities: int = 6_000
    products: int = 20_000
    dossiers: int = 40_000


FULL = Size()


def fill(size: Size = FULL) -> None:
    """Write a province of this size into the empty database, and let PostgreSQL learn its statistics."""
    with transaction.atomic(), pgtrigger.ignore():
        province, communes = _units(size)
        _people(province, communes[0])
        records(size, communes)
        own = Entity.objects.filter(commune=communes[0]).order_by("pk").first()
        EntityAccount.objects.create(entity=own, user=User.objects.get(username="chuthe"))
    analyse()


def records(size: Size, communes: list[AdminUnit]) -> None:
    """Entities of the communes in turn, their products, recognitions, dossiers and versions."""
    # The triggers that keep it are passed over while rows are written in bulk.
    AdminUnit.objects.filter(counts_for=None).update(counts_for=F("pk"))
    write(Entity, entities(size, communes))
    owners = list(Entity.objects.order_by("pk").values_list("pk", "commune_id"))
    write(Product, products(size, owners, sets()))
    with connection.cursor() as cursor:
        cursor.execute(RECOGNITIONS, [])
        cursor.execute(DOSSIERS, [size.dossiers])
        cursor.execute(VERSIONS, [TEXT, TEXT])


# Everything a list or a search reads.
READ_BY_LISTS = tuple(
    model._meta.db_table
    for model in (Entity, Product, Recognition, Dossier, DossierVersion, AdminUnit, EntityAccount)
)
# What PostgreSQL knows to be seen by every transaction, of all pages of these tables.
UNSEEN = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relallvisible < relpages"
LONGEST_SETTLING = 60.0  # seconds


def analyse() -> None:
    """What autovacuum does by itself after such a load; outside a transaction also the visibility map.

    A transaction begun before the load ended (autovacuum's own) keeps its rows from being marked as seen by
    all, and an index alone cannot answer then: those tables are done again until it is over.
    """
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute(f"ANALYZE {', '.join(READ_BY_LISTS)}")
            return
        waiting, until = list(READ_BY_LISTS), time.monotonic() + LONGEST_SETTLING
        while waiting and time.monotonic() < until:
            cursor.execute(f"VACUUM ANALYZE {', '.join(waiting)}")
            cursor.execute(UNSEEN, [list(READ_BY_LISTS)])
            waiting = [name for (name,) in cursor.fetchall()]
            time.sleep(0.5 if waiting else 0)


def write(model, rows: Iterator) -> None:
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)


def _units(size: Size) -> tuple[AdminUnit, list[AdminUnit]]:
    known = {"level": UnitLevel.PROVINCE, "kind": UnitKind.PROVINCE, "valid_from": date(2025, 7, 1)}
    province = AdminUnit.objects.filter(level=UnitLevel.PROVINCE, code="42").first()
    province = province or AdminUnit.objects.create(code="42", name="Tỉnh Quy Mô", **known)
    for number in range(size.communes):
        name = f"Xã {PLACES[number % len(PLACES)]} {number + 1}"
        AdminUnit.objects.create(
            code=f"8{number:04}",
            name=name,
            level=UnitLevel.COMMUNE,
            kind=UnitKind.COMMUNE,
            parent=province,
            valid_from=date(2025, 7, 1),
        )
    return province, list(AdminUnit.objects.filter(code__startswith="8", parent=province).order_by("code"))


def sets() -> list[ProductSet]:
    for number in range(1, 27):
        family = "VI Dịch vụ du lịch" if number == 26 else f"{'I' * (1 + number % 3)} Ngành thử"
        ProductSet.objects.get_or_create(
            number=number, defaults={"name": f"Bộ thử {number}", "family": family, "group": "Nhóm thử"}
        )
    return list(ProductSet.objects.order_by("number"))


def entities(size: Size, communes: list[AdminUnit]) -> Iterator[Entity]:
    for number in range(size.entities):
        commune = communes[number % len(communes)]
        words, form = FORMS[number % len(FORMS)]
        goods = GOODS[number // 7 % len(GOODS)].lower()
        place = PLACES[number // 3 % len(PLACES)]
        entity = Entity(
            name=f"{words} {goods} {place} {number + 1}",
            legal_form=form,
            tax_code=f"30{number:08}",
            commune=commune,
            address="Thôn Bình Minh",
            phone="0912345678",
        )
        entity.fill_keys()
        yield entity


def products(size: Size, entities: list[tuple[int, int]], sets: list[ProductSet]) -> Iterator[Product]:
    for number in range(size.products):
        entity, commune = entities[number % len(entities)]
        place = PLACES[number // 11 % len(PLACES)]
        product = Product(
            name=f"{GOODS[number * 13 % len(GOODS)]} {place} {number + 1}",
            entity_id=entity,
            commune_id=commune,
            product_set=sets[number % len(sets)],
            code=f"42-8{number % 150:04}-{number // 150 + 1:03}-2024" if number % 4 else "",
            is_flagship=number % 40 == 0,
            description=TEXT,
        )
        product.fill_keys()
        yield product


def _people(province: AdminUnit, commune: AdminUnit) -> None:
    """Who opens the pages: `tinh`, `lanhdao`, `xa` and `chuthe`, all with the password "do-toc-do"."""
    secret = make_password("do-toc-do")
    people = (
        ("tinh", Role.PROVINCIAL_OFFICER, province),
        ("lanhdao", Role.LEADERSHIP, province),
        ("xa", Role.COMMUNE_OFFICER, commune),
        ("chuthe", Role.ENTITY, commune),
    )
    for username, role, unit in people:
        user = User.objects.create(username=username, full_name=f"Người {username}", password=secret)
        Membership.objects.create(user=user, role=role, unit=unit, valid_from=date(2025, 7, 1))


# Three of four products are recognised, a quarter of those has expired.
RECOGNITIONS = """
insert into products_recognition (product_id, star, decision_number, decided_on, decided_by, year_only, expires_on,
    expiry_derived, extension_reason, note, state, legal_basis)
select id, 3 + id %% 3, (id %% 90 + 1) || '/QĐ-UBND', date '2022-06-01' + (id %% 1500)::int, 'UBND tỉnh', false,
    date '2025-06-01' + (id %% 1500)::int, false, '', '', 'valid', '148/QĐ-TTg'
from products_product where id %% 4 <> 0
"""
# The first dossier of every product has ended; of the second ones every eighth is still open.
DOSSIERS = """
insert into products_dossier (product_id, commune_id, kind, year, state, number, created_by_id, created_at,
    submitted_at, state_since, return_reason, late_reason, proposal_number, proposed_on)
select p.id, p.commune_id, case when n.n = 1 then 'first' else 're_ranking' end, 2022 + 2 * n.n,
    case when n.n = 1 then (array['recognised','recognised','not_recognised','excluded'])[1 + p.row %% 4]
         else (array['draft','submitted','returned','proposed','accepted','recognised','withdrawn','recognised'])
              [1 + p.row %% 8] end,
    case when n.n = 2 and p.row %% 8 = 0 then '' else lpad(p.row::text, 5, '0') || '/PĐK-8-' || (2022 + 2 * n.n) end,
    (select min(id) from accounts_user), now() - interval '1 year', now() - interval '300 days',
    now() - (p.row %% 300) * interval '1 day', '', '', '', null
from (select id, commune_id, row_number() over (order by id) as row from products_product) p, generate_series(1, 2) n
order by n.n, p.id limit %s
"""
VERSIONS = """
insert into products_dossierversion (dossier_id, number, story, market, materials, production, results, plan_ahead,
    changes_since, samples, snapshot, sha256, submitted_at, submitted_by_id, revision)
select d.id, n.n, %s, %s, '', '', '', '', '', 5, null, '', null, null, 1
from products_dossier d, generate_series(1, 2) n where n.n = 1 or d.id %% 2 = 0
"""


def clear() -> None:
    """Empty the database again, the criteria of the law excepted."""
    tables = ("products_dossierversion", "products_dossier", "products_recognition", "products_entityaccount",
              "products_product", "products_entity", "accounts_membership", "accounts_user", "core_adminunit")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
