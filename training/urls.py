"""Addresses of plans and training."""

from django.urls import path

from training.views import (
    actuals,
    attendance,
    classes,
    figures,
    grid,
    indicators,
    plans,
    register,
    register_imports,
    results,
    sign_in,
    targets,
    tasks,
)

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
    path("muc-tieu/<int:pk>/lay-tong/", targets.ReportedTakeView.as_view(), name="reported_take"),
    path("nhiem-vu/<int:pk>/sua/", tasks.TaskEditView.as_view(), name="task_edit"),
    path("nhiem-vu/<int:pk>/ket-qua/", tasks.TaskReportView.as_view(), name="task_report"),
    path("nhiem-vu/", tasks.TaskListView.as_view(), name="tasks"),
    path("nhiem-vu/<int:pk>/", tasks.TaskView.as_view(), name="task"),
    path("nhiem-vu/<int:pk>/tep/", tasks.TaskPaperView.as_view(), name="task_paper"),
    # Values entered by hand, and the catalogue of indicators (pk: their own).
    path("ket-qua/", actuals.ActualWaitingView.as_view(), name="actuals"),
    path("ket-qua/<int:pk>/duyet/", actuals.ActualDecideView.as_view(), name="actual_decide"),
    path("ket-qua/<int:pk>/tep/", actuals.ActualPaperView.as_view(), name="actual_paper"),
    path("danh-muc/", actuals.CatalogueView.as_view(), name="catalogue"),
    path("danh-muc/moi/", actuals.IndicatorCreateView.as_view(), name="indicator_create"),
    path("danh-muc/<int:pk>/", actuals.IndicatorEditView.as_view(), name="indicator_edit"),
    # Rows of a plan (pk: their own), and figures frozen at a cut-off (pk: the version).
    path("can-cu/<int:pk>/xoa/", plans.BasisRemoveView.as_view(), name="basis_remove"),
    path("kinh-phi/<int:pk>/sua/", plans.BudgetEditView.as_view(), name="budget_edit"),
    path("kinh-phi/<int:pk>/xoa/", plans.BudgetRemoveView.as_view(), name="budget_remove"),
    path("ban-chot/", figures.FigureSetListView.as_view(), name="figure_sets"),
    path("ban-chot/<int:pk>/", figures.FigureSetView.as_view(), name="figure_set"),
    # The records kept with a closed figure (pk: the version, name: of an indicator or a step of the road).
    path("ban-chot/<int:pk>/danh-sach/<slug:name>/", figures.KeptListView.as_view(), name="kept_list"),
    path("ban-chot/<int:pk>/duyet/", figures.FigureDecideView.as_view(), name="figure_decide"),
    path("ban-chot/<int:pk>/dinh-chinh/", figures.FigureCorrectView.as_view(), name="figure_correct"),
    # Training classes.
    path("tap-huan/", classes.ClassListView.as_view(), name="classes"),
    path("tap-huan/tai-ve/", classes.ClassListWorkbook.as_view(), name="classes_workbook"),
    path("tap-huan/moi/", classes.ClassCreateView.as_view(), name="class_create"),
    path("tap-huan/hieu-qua/", results.EffectsView.as_view(), name="effects"),
    path("tap-huan/hieu-qua/<slug:what>/", results.EffectListView.as_view(), name="effect_list"),
    path("tap-huan/<int:pk>/", classes.ClassView.as_view(), name="class"),
    path("tap-huan/<int:pk>/sua/", classes.ClassEditView.as_view(), name="class_edit"),
    path("tap-huan/<int:pk>/buoc/<slug:step>/", classes.ClassStepView.as_view(), name="class_step"),
    path("tap-huan/<int:pk>/buoi/", classes.HalfDaysView.as_view(), name="half_days"),
    path(
        "tap-huan/<int:pk>/buoi/<int:half>/bo/", classes.HalfDayRemoveView.as_view(), name="half_day_remove"
    ),
    path("tap-huan/<int:pk>/buoi/<int:half>/ma/", sign_in.QrView.as_view(), name="qr"),
    path("tap-huan/<int:pk>/moi-du/", classes.InviteView.as_view(), name="invite"),
    path("tap-huan/<int:pk>/giay-moi/", classes.InvitationPrintView.as_view(), name="invitation"),
    path("tap-huan/<int:pk>/tai-lieu/", classes.MaterialAddView.as_view(), name="material_add"),
    path(
        "tap-huan/<int:pk>/tai-lieu/<int:material>/bo/",
        classes.MaterialRemoveView.as_view(),
        name="material_remove",
    ),
    path("tap-huan/tai-lieu/<int:pk>/", classes.MaterialView.as_view(), name="material"),
    path("tap-huan/<int:pk>/cua-toi/", results.MyClassView.as_view(), name="my_class"),
    # Enrolment and attendance.
    path("tap-huan/<int:pk>/ghi-danh/", attendance.EnrolView.as_view(), name="class_enrol"),
    path("tap-huan/<int:pk>/ghi-danh/<int:enrolment>/bo/", attendance.UnenrolView.as_view(), name="unenrol"),
    path("tap-huan/<int:pk>/diem-danh/", attendance.AttendanceView.as_view(), name="class_attendance"),
    path("tap-huan/<int:pk>/diem-danh/o/", attendance.CellView.as_view(), name="attendance_cell"),
    path("tap-huan/<int:pk>/diem-danh/buoi/", attendance.ColumnView.as_view(), name="attendance_column"),
    path("tap-huan/<int:pk>/diem-danh/diem/", attendance.ScoreView.as_view(), name="class_score"),
    path("tap-huan/<int:pk>/diem-danh/cho/", attendance.SettleView.as_view(), name="sign_ins"),
    path("tap-huan/<int:pk>/diem-danh/tep/", attendance.SheetView.as_view(), name="attendance_sheet"),
    path(
        "tap-huan/<int:pk>/diem-danh/tep/tai-ve/",
        attendance.SheetWorkbook.as_view(),
        name="attendance_workbook",
    ),
    path(
        "tap-huan/<int:pk>/diem-danh/tep/ghi/",
        attendance.SheetConfirmView.as_view(),
        name="attendance_sheet_confirm",
    ),
    # What the trainer's QR code opens on a phone; public.
    path("tap-huan/co-mat/<str:code>/", sign_in.SignInView.as_view(), name="sign_in"),
    # Certificates.
    path("tap-huan/<int:pk>/giay-chung-nhan/", results.CertificatesView.as_view(), name="certificates"),
    path("tap-huan/<int:pk>/giay-chung-nhan/cap/", results.IssueView.as_view(), name="certificates_issue"),
    path("tap-huan/giay-chung-nhan/<int:pk>/", results.CertificateView.as_view(), name="certificate"),
    # The register.
    path("danh-sach/", register.RegisterView.as_view(), name="register"),
    path("danh-sach/tai-ve/", register.RegisterWorkbook.as_view(), name="register_workbook"),
    path("danh-sach/them/", register.PersonCreateView.as_view(), name="person_create"),
    path("danh-sach/<int:pk>/sua/", register.PersonEditView.as_view(), name="person_edit"),
    path("danh-sach/goi-y/", register.SuggestionsView.as_view(), name="register_suggestions"),
    # The register from a workbook, checked and written in the background.
    path("danh-sach/nhap/", register_imports.RegisterImportsView.as_view(), name="register_imports"),
    path("danh-sach/nhap/mau/", register_imports.RegisterTemplate.as_view(), name="register_template"),
    path("danh-sach/nhap/<uuid:pk>/", register_imports.RegisterImportView.as_view(), name="register_import"),
    path(
        "danh-sach/nhap/<uuid:pk>/<slug:act>/",
        register_imports.RegisterImportActView.as_view(),
        name="register_import_act",
    ),
    # A plan by its code.
    path("<slug:code>/", plans.PlanView.as_view(), name="plan"),
    path("<slug:code>/sua/", plans.PlanEditView.as_view(), name="plan_edit"),
    path("<slug:code>/can-cu/", plans.BasisCreateView.as_view(), name="basis_create"),
    path("<slug:code>/them-chi-tieu/", targets.TargetCreateView.as_view(), name="target_create"),
    path("<slug:code>/them-nhiem-vu/", tasks.TaskCreateView.as_view(), name="task_create"),
    path("<slug:code>/them-kinh-phi/", plans.BudgetCreateView.as_view(), name="budget_create"),
    path("<slug:code>/buoc/<slug:name>/", plans.PlanStepView.as_view(), name="plan_step"),
    path("<slug:code>/sao-chep/", plans.PlanCopyView.as_view(), name="plan_copy"),
    path("<slug:code>/phan-bo/", grid.GridView.as_view(), name="grid"),
    path("<slug:code>/chot-so-lieu/", figures.FreezeView.as_view(), name="freeze"),
]
