"""Addresses of the reports room."""

from django.urls import path

from reports.views import compare, dashboard, papers, screen

app_name = "reports"

urlpatterns = [
    path("bang-dieu-hanh/", dashboard.DashboardView.as_view(), name="dashboard"),
    # Comparisons, and the list behind a number of theirs.
    path("bang-dieu-hanh/so-sanh-nam/", compare.CompareYearsView.as_view(), name="compare_years"),
    path(
        "bang-dieu-hanh/so-sanh-nam/tai-ve/",
        compare.CompareYearsWorkbook.as_view(),
        name="compare_years_workbook",
    ),
    path("bang-dieu-hanh/so-sanh-xa/", compare.CompareCommunesView.as_view(), name="compare_communes"),
    path(
        "bang-dieu-hanh/so-sanh-xa/tai-ve/",
        compare.CompareCommunesWorkbook.as_view(),
        name="compare_communes_workbook",
    ),
    path("bang-dieu-hanh/man-hinh/", screen.ScreenView.as_view(), name="screen"),
    path("bang-dieu-hanh/tai-ve/", screen.DashboardWorkbook.as_view(), name="dashboard_workbook"),
    path("bang-dieu-hanh/danh-sach/<slug:name>/", compare.FigureListView.as_view(), name="figures"),
    path("", papers.PaperListView.as_view(), name="list"),
    path("lap/", papers.PaperRequestView.as_view(), name="request"),
    path("<int:pk>/", papers.PaperView.as_view(), name="detail"),
    path("<int:pk>/tai-ve/", papers.PaperDownloadView.as_view(), name="download"),
]
