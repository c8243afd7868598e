"""Addresses of the evaluation room."""

from django.urls import path

from evaluation.views import councils, criteria, results, self_assessment, sessions, sheets

app_name = "evaluation"

urlpatterns = [
    # Criteria: the law to read.
    path("tieu-chi/", criteria.CriteriaListView.as_view(), name="criteria"),
    path("tieu-chi/dinh-chinh/", criteria.ErrataView.as_view(), name="errata"),
    path("tieu-chi/<slug:code>/", criteria.CriteriaSetView.as_view(), name="criteria_set"),
    # Self-assessment of a dossier (pk: dossier).
    path("tu-danh-gia/<int:pk>/", self_assessment.SelfAssessmentView.as_view(), name="self_assessment"),
    path("tu-danh-gia/<int:pk>/chon/", self_assessment.SelfChoiceView.as_view(), name="self_choice"),
    # Councils and sessions.
    path("hoi-dong/", councils.CouncilListView.as_view(), name="councils"),
    path("hoi-dong/moi/", councils.CouncilCreateView.as_view(), name="council_create"),
    path("hoi-dong/<int:pk>/", councils.CouncilView.as_view(), name="council"),
    path("hoi-dong/<int:pk>/them-thanh-vien/", councils.SeatAddView.as_view(), name="seat_add"),
    path("hoi-dong/thanh-vien/<int:pk>/thoi/", councils.SeatLeaveView.as_view(), name="seat_leave"),
    path("phien-hop/", sessions.SessionListView.as_view(), name="sessions"),
    path("phien-hop/moi/", sessions.SessionCreateView.as_view(), name="session_create"),
    path("phien-hop/<int:pk>/", sessions.SessionView.as_view(), name="session"),
    path("phien-hop/<int:pk>/them-ho-so/", sessions.AgendaAddView.as_view(), name="agenda_add"),
    path("phien-hop/ho-so/<int:pk>/bo/", sessions.AgendaRemoveView.as_view(), name="agenda_remove"),
    path("phien-hop/<int:pk>/mo/", sessions.SessionOpenView.as_view(), name="session_open"),
    path("phien-hop/<int:pk>/ket-thuc/", sessions.SessionCloseView.as_view(), name="session_close"),
    # Sheets (pk: sheet).
    path("phieu/", sheets.MySheetsView.as_view(), name="sheets"),
    path("phieu/<int:pk>/", sheets.SheetView.as_view(), name="sheet"),
    path("phieu/<int:pk>/chon/", sheets.ChoiceView.as_view(), name="choice"),
    path("phieu/<int:pk>/dung/", sheets.StopView.as_view(), name="sheet_stop"),
    path("phieu/<int:pk>/y-kien/", sheets.OpinionView.as_view(), name="sheet_opinion"),
    path("phieu/<int:pk>/nop/", sheets.SubmitView.as_view(), name="sheet_submit"),
    # Results (pk: agenda item; dossier_result: dossier).
    path("ket-qua/<int:pk>/", results.ResultView.as_view(), name="result"),
    path("ket-qua/<int:pk>/dong/", results.CloseItemView.as_view(), name="item_close"),
    path("ket-qua/<int:pk>/ket-luan/", results.ConcludeView.as_view(), name="conclude"),
    path("ket-qua/<int:pk>/loai/", results.ExcludeView.as_view(), name="exclude"),
    path("ket-qua/<int:pk>/quyet-dinh/", results.DecideView.as_view(), name="decide"),
    path("ho-so/<int:pk>/ket-qua/", results.DossierResultView.as_view(), name="dossier_result"),
]
