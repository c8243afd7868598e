"""Recognitions of a product: one of an earlier year, put right, extended under Đ12 k3."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.pages import ModelServiceForm, ServiceForm
from products import services, windows
from products.forms import ExtensionForm, RecognitionForm
from products.models import Product, Recognition
from products.queries import kept_by_hand


class RecognitionCreateView(ModelServiceForm):
    permission = "products.record_recognition"
    template_name = "products/recognition_form.html"
    form_class = RecognitionForm

    @cached_property
    def product(self):
        return self.fetch(Product.objects.with_names(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(product=self.product, **kwargs)

    def carry_out(self, form):
        recognition, created = services.record_recognition(
            product=self.product, by=self.request.user, **form.facts
        )
        said = f"{recognition.star} sao, hết hạn {recognition.expires_on:%d/%m/%Y}"
        if created:
            messages.success(self.request, f"Đã ghi kết quả công nhận {said}.")
        else:
            messages.info(self.request, f"Quyết định này đã có trong lịch sử công nhận ({said}).")
        return reverse("products:product", args=[self.product.pk])


class OneRecognition:
    """A recognition of a product in the user's area."""

    @cached_property
    def recognition(self) -> Recognition:
        product = self.fetch(Product.objects.with_names(), recognitions=self.kwargs["pk"])
        recognition = get_object_or_404(Recognition, pk=self.kwargs["pk"], product=product)
        recognition.product = product
        return recognition

    def get_context_data(self, **kwargs):
        found = self.recognition
        return super().get_context_data(recognition=found, product=found.product, **kwargs)


class RecognitionEditView(OneRecognition, ModelServiceForm):
    permission = "products.record_recognition"
    template_name = "products/recognition_form.html"
    form_class = RecognitionForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.recognition}

    def get_context_data(self, **kwargs):
        return super().get_context_data(by_hand=kept_by_hand(self.recognition), **kwargs)

    def carry_out(self, form):
        services.correct_recognition(self.recognition, by=self.request.user, **form.facts)
        messages.success(self.request, "Đã sửa kết quả công nhận.")
        return reverse("products:product", args=[self.recognition.product_id])


class RecognitionExtendView(OneRecognition, ServiceForm):
    permission = "products.record_recognition"
    template_name = "products/recognition_extend.html"
    form_class = ExtensionForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "recognition": self.recognition}

    def get_initial(self):
        found = self.recognition
        return {"until": found.extended_until, "reason": found.extension_reason}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            dossier=services.late_re_ranking(self.recognition),
            window=windows.window_of(self.recognition),
            **kwargs,
        )

    def carry_out(self, form):
        recognition = services.extend_recognition(self.recognition, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã gia hạn đến {recognition.extended_until:%d/%m/%Y}.")
        return reverse("products:product", args=[recognition.product_id])
