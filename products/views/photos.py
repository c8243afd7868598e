"""Pictures of a product: their page, changes, and the pictures themselves."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.http import parse_etags
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from products import services
from products.forms import CaptionForm, PhotosForm
from products.models import Product, ProductPhoto

# Kept by the person's own browser only, and asked again each time: an account may lose its area.
PRIVATE = "private, no-cache"


class PhotosView(AllowedMixin, View):
    """All pictures with their captions and order; several are added at once."""

    permission = "products.change_product"

    @cached_property
    def product(self):
        return self.fetch(Product.objects.with_names(), pk=self.kwargs["pk"])

    def get(self, request, pk):
        return self.answer(PhotosForm())

    def post(self, request, pk):
        form = PhotosForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form, status=422)
        added = [self.add(form, upload) for upload in form.cleaned_data["photos"]]
        if count := sum(added):
            messages.success(request, f"Đã thêm {count} ảnh.")
        return self.answer(form, status=422) if form.errors else redirect("products:photos", self.product.pk)

    def add(self, form, upload) -> bool:
        """The good pictures of a choice are kept; each of the others says why not."""
        try:
            services.add_photo(self.product, upload=upload, name=upload.name, by=self.request.user)
        except DomainError as refusal:
            form.add_error("photos", refusal.message)
            return False
        return True

    def answer(self, form, status: int = 200) -> HttpResponse:
        context = {
            "product": self.product,
            "photos": list(self.product.photos.all()),
            "form": form,
            "most": services.MOST_PHOTOS,
        }
        return render(self.request, "products/photos.html", context, status=status)


class OnePhoto(AllowedMixin):
    """A picture of a product in the user's area."""

    @cached_property
    def photo(self) -> ProductPhoto:
        product = self.fetch(Product.objects.select_related("commune"), photos=self.kwargs["pk"])
        photo = get_object_or_404(ProductPhoto, pk=self.kwargs["pk"], product=product)
        photo.product = product
        return photo


class PhotoChangeView(OnePhoto, View):
    """One act on a picture: its caption, a place up or down, away with it."""

    permission = "products.change_product"

    def post(self, request, pk):
        photo = self.photo
        try:
            self.carry_out(request.POST.get("act", ""))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("products:photos", photo.product_id)

    def carry_out(self, act: str) -> None:
        photo, user = self.photo, self.request.user
        if act == "caption":
            form = CaptionForm(self.request.POST)
            if not form.is_valid():
                raise DomainError("Chú thích dài tối đa 200 ký tự.", field="caption")
            services.describe_photo(photo, caption=form.cleaned_data["caption"], by=user)
            messages.success(self.request, "Đã lưu chú thích.")
        elif act in ("up", "down", "cover"):
            place = {"up": photo.position - 1, "down": photo.position + 1, "cover": 1}[act]
            services.move_photo(photo, to=place, by=user)
        elif act == "remove":
            services.remove_photo(photo, by=user)
            messages.success(self.request, "Đã xóa ảnh.")
        else:
            raise DomainError("Không rõ việc cần làm với ảnh này; hãy tải lại trang.")


class PhotoView(OnePhoto, View):
    """The picture itself, or its small form; only for those who may read the product."""

    permission = "products.view_product"
    small = False

    def get(self, request, pk):
        photo = self.photo
        etag = f'"{photo.sha256}{"-s" if self.small else ""}"'
        known = parse_etags(request.headers.get("If-None-Match", ""))
        response = HttpResponseNotModified() if etag in known else self.stream(photo)
        response["ETag"], response["Cache-Control"] = etag, PRIVATE
        return response

    def stream(self, photo: ProductPhoto) -> FileResponse:
        field = photo.thumbnail if self.small else photo.file
        try:
            response = FileResponse(field.open(), content_type="image/jpeg")
        except FileNotFoundError as gone:
            raise Http404 from gone
        response["Content-Disposition"] = "inline"
        return response
