"""Pictures of products, made ready to be kept: turned upright, smaller, without the camera's data.

What is stored is always a JPEG drawn anew: place, time, device and whatever else hid in the upload are gone.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps

from core.exceptions import DomainError

MAX_BYTES = 15 * 1024 * 1024
# A small file may unfold into gigabytes; today's phones take up to 50 million pixels.
MAX_PIXELS = 60_000_000
SHORTEST_EDGE = 200
LONG_EDGE = 2000
THUMBNAIL_EDGE = 480
# By content; the name of a file says nothing.
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 86
WHITE = (255, 255, 255)

_TRANSPARENT = ("RGBA", "LA", "PA", "RGBa", "La")
_NOT_A_PICTURE = "không phải ảnh JPEG, PNG hoặc WebP đọc được; ảnh HEIC của iPhone hãy lưu lại thành JPEG."


@dataclass(frozen=True)
class Picture:
    """A picture ready to be stored, and its small form for lists."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def prepare(upload: IO[bytes], name: str) -> Picture:
    """The picture of an uploaded file. Raises DomainError naming the file, on the field `photos`."""
    if _size(upload) > MAX_BYTES:
        raise _refusal(name, f"lớn quá {MAX_BYTES // 1024**2} MB; hãy chọn ảnh nhỏ hơn.")
    try:
        with Image.open(upload, formats=FORMATS) as image:
            _check_size(image, name)
            large = _drawn_anew(image)
    except Image.DecompressionBombError as error:
        raise _refusal(name, "có quá nhiều điểm ảnh.") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # what Pillow says of broken files
        raise _refusal(name, _NOT_A_PICTURE) from error
    small = large.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(large), _jpeg(small), large.width, large.height)


def _size(upload: IO[bytes]) -> int:
    size = upload.seek(0, io.SEEK_END)
    upload.seek(0)
    return size


def _refusal(name: str, why: str) -> DomainError:
    return DomainError(f"Tệp “{name}” {why}", field="photos")


def _check_size(image: Any, name: str) -> None:
    """The size stands in the head of the file: asked before anything is unfolded."""
    if image.width * image.height > MAX_PIXELS:
        raise _refusal(name, "có quá nhiều điểm ảnh (tối đa 60 triệu).")
    if min(image.size) < SHORTEST_EDGE:
        raise _refusal(name, f"quá nhỏ; mỗi cạnh cần ít nhất {SHORTEST_EDGE} điểm ảnh.")


def _drawn_anew(image: Any) -> Any:
    # A large JPEG is unfolded at a half or a quarter: time and memory.
    image.draft("RGB", (LONG_EDGE, LONG_EDGE))
    upright = ImageOps.exif_transpose(image)
    profile = upright.info.get("icc_profile") if upright.mode == "RGB" else None
    flat = _on_white(upright)
    flat.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    # Only the colour profile is carried over.
    flat.info = {"icc_profile": profile} if profile else {}
    return flat


def _on_white(image: Any) -> Any:
    if image.mode in _TRANSPARENT or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _jpeg(image: Any) -> bytes:
    out, profile = io.BytesIO(), image.info.get("icc_profile")
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True, icc_profile=profile)
    return out.getvalue()
