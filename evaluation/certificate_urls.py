"""Addresses of the public check of certificates: printed on paper, so short, and they never change."""

from django.urls import path

from evaluation.views import public_check

app_name = "gcn"

urlpatterns = [
    path("", public_check.AskView.as_view(), name="ask"),
    path("<str:token>/", public_check.CertificateCheckView.as_view(), name="check"),
]
