"""Addresses of plans and training."""

from django.urls import path

from training.views import classes, indicators, plans, targets, tasks

app_name = "training"

urlpatterns = [
    path("", plans.PlanListView.as_view(), name="plans"),
    path("moi/", plans.PlanCreateView.as_view(), name="plan_create"),
    # The list behind a computed number; ?plan=CODE&to=DATE&unit=PK.
    path("chi-tieu/<slug:name>/", indicators.IndicatorListView.as_view(), name="indicator_list"),
    # Targets and tasks (pk: their own).
    path("muc-tieu/<int:pk>/", targets.TargetView.as_view(), name="target"),
    path("muc-tieu/<int:pk>/sua/", targets.TargetEditView.as_view(), name="target_edit"),
    path("muc-tieu/<int:pk>/xoa/", targets.TargetRemoveView.as_view(), name="target_remove"),
    path("muc-tieu/<int:pk>/ket-qua/", targets.ActualCreateView.as_view(), name="actual_create"),
    path("nhiem-vu/<int:pk>/sua/", tasks.TaskEditView.as_view(), name="task_edit"),
    path("nhiem-vu/<int:pk>/ket-qua/", tasks.TaskReportView.as_view(), name="task_report"),
    # Training classes and the register.
    path("tap-huan/", classes.ClassListView.as_view(), name="classes"),
    path("tap-huan/moi/", classes.ClassCreateView.as_view(), name="class_create"),
    path("tap-huan/<int:pk>/", classes.ClassView.as_view(), name="class"),
    path("tap-huan/<int:pk>/sua/", classes.ClassEditView.as_view(), name="class_edit"),
    path("tap-huan/<int:pk>/ghi-danh/", classes.EnrolView.as_view(), name="class_enrol"),
    path("tap-huan/<int:pk>/diem-danh/", classes.AttendanceView.as_view(), name="class_attendance"),
    path("danh-sach/", classes.RegisterView.as_view(), name="register"),
    path("danh-sach/them/", classes.PersonCreateView.as_view(), name="person_create"),
    # A plan by its code.
    path("<slug:code>/", plans.PlanView.as_view(), name="plan"),
    path("<slug:code>/sua/", plans.PlanEditView.as_view(), name="plan_edit"),
    path("<slug:code>/can-cu/", plans.BasisCreateView.as_view(), name="basis_create"),
    path("<slug:code>/them-chi-tieu/", targets.TargetCreateView.as_view(), name="target_create"),
    path("<slug:code>/them-nhiem-vu/", tasks.TaskCreateView.as_view(), name="task_create"),
]
