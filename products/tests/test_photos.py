"""Pictures of products: made safe, kept once, put in order, shown only to who may read the product."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from PIL import Image

from core.exceptions import DomainError
from products import pictures, services
from products.enums import DossierState
from products.models import ProductPhoto
from products.tests.factories import (
    add_photo,
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    photo_bytes,
)

HA_TINH = {1: "N", 2: (18.0, 20.0, 0.0)}
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def phone_photo():
    """900 wide, 600 high, with place and maker, to be turned a quarter."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Máy ảnh thử"
    exif.get_ifd(GPS).update(HA_TINH)
    return photo_bytes((900, 600), exif=exif, comment=b"bi mat")


def opened(data):
    return Image.open(io.BytesIO(data))


def test_the_camera_s_data_are_gone_and_the_picture_stands_upright():
    source = phone_photo()
    assert opened(source.getvalue()).getexif().get_ifd(GPS)
    picture = pictures.prepare(source, "a.jpg")
    for data in (picture.data, picture.thumbnail):
        image = opened(data)
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "xmp"} & set(image.info)
        assert b"bi mat" not in data and "Máy ảnh".encode() not in data
    assert (picture.width, picture.height) == (600, 900)
    assert opened(picture.thumbnail).size == (320, 480)


def test_a_large_picture_is_2000_at_its_long_edge():
    picture = pictures.prepare(photo_bytes((4000, 3000)), "a.jpg")
    assert (picture.width, picture.height) == (2000, 1500)


def test_a_small_picture_is_not_blown_up():
    assert pictures.prepare(photo_bytes((300, 200)), "a.jpg").width == 300


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_is_kept_as_jpeg(kind):
    assert opened(pictures.prepare(photo_bytes(kind=kind), "anh.txt").data).format == "JPEG"


def test_what_was_transparent_is_white():
    picture = pictures.prepare(photo_bytes(kind="PNG", colour=(0, 0, 0, 0)), "a.png")
    assert opened(picture.data).getpixel((10, 10)) == (255, 255, 255)


def bomb():
    """A PNG of a hundred bytes that claims 60.000 x 60.000 pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + data)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: io.BytesIO(b""), "không phải ảnh"),
        (lambda: io.BytesIO(b"<html><script>alert(1)</script>"), "không phải ảnh"),
        (lambda: io.BytesIO(photo_bytes().getvalue()[:300]), "không phải ảnh"),
        (lambda: photo_bytes(kind="GIF"), "HEIC"),
        (lambda: photo_bytes((150, 600)), "quá nhỏ"),
        (lambda: photo_bytes((8000, 8000)), "quá nhiều điểm ảnh"),
        (bomb, "quá nhiều điểm ảnh"),
        (lambda: io.BytesIO(photo_bytes().getvalue() + b"0" * (15 * 1024 * 1024)), "15 MB"),
    ],
)
def test_what_is_no_fit_picture_is_refused_by_name(upload, words):
    with pytest.raises(DomainError, match=words) as refusal:
        pictures.prepare(upload(), "ảnh lạ.jpg")
    assert refusal.value.field == "photos" and "ảnh lạ.jpg" in refusal.value.message


def add(product, colour="green", by=None, **options):
    return add_photo(product, by or owner_of(product.entity), colour, **options)


@pytest.fixture
def product(db):
    return make_product()


def order(product):
    return list(product.photos.values_list("pk", flat=True))


def test_pictures_stand_in_the_order_they_came_and_can_be_moved(product):
    first, second, third = (add(product, colour).pk for colour in ("red", "green", "blue"))
    owner = owner_of(product.entity)
    services.move_photo(ProductPhoto.objects.get(pk=third), to=1, by=owner)
    assert order(product) == [third, first, second]
    services.move_photo(ProductPhoto.objects.get(pk=third), to=99, by=owner)
    services.move_photo(ProductPhoto.objects.get(pk=first), to=-5, by=owner)
    assert order(product) == [first, second, third]
    assert list(product.photos.values_list("position", flat=True)) == [1, 2, 3]


def test_the_same_picture_is_kept_once_a_product_and_its_file_once_for_all(product):
    mine = add(product)
    with pytest.raises(DomainError, match="đã có"):
        add(product)
    other = add(make_product("Kẹo lạc", product.entity))
    assert other.file.name == mine.file.name


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_with_its_last_picture():
    product = make_product()
    mine, other = add(product), add(make_product("Kẹo lạc", product.entity))
    owner = owner_of(product.entity)
    services.remove_photo(mine, by=owner)
    assert default_storage.exists(other.file.name)
    services.remove_photo(other, by=owner)
    assert not default_storage.exists(other.file.name)
    assert not default_storage.exists(other.thumbnail.name)


def test_removing_closes_the_gap(product):
    photos = [add(product, colour) for colour in ("red", "green", "blue")]
    services.remove_photo(photos[0], by=owner_of(product.entity))
    assert list(product.photos.values_list("pk", "position")) == [(photos[1].pk, 1), (photos[2].pk, 2)]
    with pytest.raises(DomainError, match="vừa được xóa"):
        services.remove_photo(photos[0], by=owner_of(product.entity))


def test_twelve_pictures_at_most(product):
    for shade in range(12):
        add(product, (shade * 20, 0, 0))
    with pytest.raises(DomainError, match="tối đa 12"):
        add(product, "white")


def test_a_stranger_adds_nothing(product):
    stranger = owner_of(make_entity("HTX Kẹo Lạc"))
    with pytest.raises(PermissionDenied):
        add(product, by=stranger)
    assert add(product, by=commune_officer_of(product.commune)).position == 1


@pytest.mark.django_db(transaction=True)
def test_the_picture_of_a_filed_version_is_kept():
    product = make_product()
    photo, unfiled = add(product, "red"), add(make_product("Kẹo lạc", product.entity), "blue")
    owner = owner_of(product.entity)
    make_dossier(product, DossierState.SUBMITTED)
    services.remove_photo(photo, by=owner)
    services.remove_photo(unfiled, by=owner)
    assert not product.photos.exists()
    assert default_storage.exists(photo.file.name)
    assert not default_storage.exists(unfiled.file.name)
