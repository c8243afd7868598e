"""Addresses of the reports room."""

from django.urls import path

from reports.views import dashboard, papers

app_name = "reports"

urlpatterns = [
    path("bang-dieu-hanh/", dashboard.DashboardView.as_view(), name="dashboard"),
    path("", papers.PaperListView.as_view(), name="list"),
    path("lap/", papers.PaperRequestView.as_view(), name="request"),
    path("<int:pk>/", papers.PaperView.as_view(), name="detail"),
    path("<int:pk>/tai-ve/", papers.PaperDownloadView.as_view(), name="download"),
]
