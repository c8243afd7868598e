from django.urls import path

from core.views import jobs, session

app_name = "core"

urlpatterns = [
    path("phien/", session.KeepAliveView.as_view(), name="keep_alive"),
    path("viec-nen/<uuid:pk>/", jobs.JobView.as_view(), name="job"),
    path("viec-nen/<uuid:pk>/huy/", jobs.JobCancelView.as_view(), name="job_cancel"),
]
