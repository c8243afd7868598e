"""Addresses of the reports room."""

from django.urls import path

from reports.views import (
    acts,
    compare,
    dashboard,
    letterheads,
    outline,
    papers,
    requests,
    screen,
    signatures,
    steps,
)

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
    # The days behind a median of the road; step: a state, or re_ranking.
    path("bang-dieu-hanh/buoc/<slug:step>/", steps.StepStaysView.as_view(), name="step_stays"),
    # Papers: archive, requests, issuing, signatures.
    path("", papers.PaperListView.as_view(), name="list"),
    path("danh-sach.xlsx", papers.PaperWorkbookView.as_view(), name="workbook"),
    path("lap/", requests.PaperRequestView.as_view(), name="request"),
    path("lap/ban-nhap/", requests.DraftRequestView.as_view(), name="request_draft"),
    path("cua/<slug:noun>/<int:pk>/", requests.SubjectView.as_view(), name="subject"),
    path("lap/<slug:kind>/<int:pk>/", requests.MakeView.as_view(), name="make"),
    path("<int:pk>/", papers.PaperView.as_view(), name="detail"),
    path("<int:pk>/tai-ve/", papers.PaperDownloadView.as_view(), name="download"),
    path("<int:pk>/tep/<slug:form>/", papers.PaperFileView.as_view(), name="file"),
    path("<int:pk>/soat/", acts.ReviewView.as_view(), name="review"),
    path("<int:pk>/tra-lai/", acts.ReturnView.as_view(), name="return"),
    path("<int:pk>/phat-hanh/", acts.IssueView.as_view(), name="issue"),
    path("<int:pk>/thay-the/", acts.ReplaceView.as_view(), name="replace"),
    path("<int:pk>/ban-ky/", signatures.SignedUploadView.as_view(), name="signed"),
    path("<int:pk>/ky/", signatures.SignView.as_view(), name="sign"),
    path("kiem-tra/", signatures.VerifyView.as_view(), name="verify"),
    # Sections of the progress report.
    path("bo-cuc/<int:pk>/", outline.OutlineView.as_view(), name="outline"),
    # Heads and feet of papers.
    path("tieu-de/", letterheads.LetterheadsView.as_view(), name="letterheads"),
    path("tieu-de/<int:pk>/<slug:issuer>/", letterheads.LetterheadEditView.as_view(), name="letterhead_edit"),
    path(
        "tieu-de/<int:pk>/<slug:issuer>/mac-dinh/",
        letterheads.LetterheadRestoreView.as_view(),
        name="letterhead_restore",
    ),
]
