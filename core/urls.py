from django.urls import path

from core.views import jobs, notices, session

app_name = "core"

urlpatterns = [
    path("phien/", session.KeepAliveView.as_view(), name="keep_alive"),
    path("viec-nen/<uuid:pk>/", jobs.JobView.as_view(), name="job"),
    path("viec-nen/<uuid:pk>/huy/", jobs.JobCancelView.as_view(), name="job_cancel"),
    path("thong-bao/", notices.NoticeListView.as_view(), name="notices"),
    path("thong-bao/doc-het/", notices.NoticeReadAllView.as_view(), name="notices_read_all"),
    path("thong-bao/tuy-chon/", notices.NoticePreferenceView.as_view(), name="notice_preferences"),
    path("thong-bao/<int:pk>/", notices.NoticeReadView.as_view(), name="notice_read"),
]
