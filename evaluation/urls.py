"""Addresses of the evaluation room."""

from django.urls import path

from evaluation.views import (
    advisory,
    catalogue,
    certificates,
    councils,
    criteria,
    inspections,
    meetings,
    minutes,
    package,
    papers,
    province_desk,
    recusals,
    regulations,
    results,
    reviews,
    revocations,
    rounds,
    self_assessment,
    sessions,
    sheets,
    submissions,
)

app_name = "evaluation"

urlpatterns = [
    # Criteria: the law to read.
    path("tieu-chi/", criteria.CriteriaListView.as_view(), name="criteria"),
    path("tieu-chi/dinh-chinh/", criteria.ErrataView.as_view(), name="errata"),
    path("tieu-chi/<slug:code>/", criteria.CriteriaSetView.as_view(), name="criteria_set"),
    # Self-assessment of a dossier (pk: dossier).
    path("tu-danh-gia/<int:pk>/", self_assessment.SelfAssessmentView.as_view(), name="self_assessment"),
    path("tu-danh-gia/<int:pk>/chon/", self_assessment.SelfChoiceView.as_view(), name="self_choice"),
    path(
        "tu-danh-gia/<int:pk>/minh-chung/<int:criterion>/",
        papers.CriterionPapersView.as_view(),
        name="criterion_papers",
    ),
    # Papers of a dossier for who reads it in this room: council and advisory members (pk: evidence).
    path("minh-chung/<int:pk>/", papers.MemberPaperView.as_view(), name="evidence_view"),
    path("minh-chung/<int:pk>/tai/", papers.MemberDownloadView.as_view(), name="evidence_download"),
    path(
        "minh-chung/<int:pk>/trang/<int:page>/",
        papers.MemberPictureView.as_view(),
        name="evidence_picture",
    ),
    path("ho-so/<int:pk>/minh-chung/", papers.MemberPapersView.as_view(), name="evidence"),
    # Councils and sessions.
    path("hoi-dong/", councils.CouncilListView.as_view(), name="councils"),
    path("hoi-dong/moi/", councils.CouncilCreateView.as_view(), name="council_create"),
    path("hoi-dong/<int:pk>/", councils.CouncilView.as_view(), name="council"),
    path("hoi-dong/<int:pk>/them-thanh-vien/", councils.SeatAddView.as_view(), name="seat_add"),
    path("hoi-dong/thanh-vien/<int:pk>/thoi/", councils.SeatLeaveView.as_view(), name="seat_leave"),
    # Council, regulation and advisory team (pk: council, seat or team seat).
    path("hoi-dong/<int:pk>/sua/", councils.CouncilEditView.as_view(), name="council_edit"),
    path("hoi-dong/<int:pk>/quy-che/", regulations.RegulationsView.as_view(), name="regulations"),
    path(
        "hoi-dong/<int:pk>/quy-che/sua/",
        regulations.RegulationReviseView.as_view(),
        name="regulation_revise",
    ),
    path("hoi-dong/<int:pk>/to-tu-van/", regulations.TeamView.as_view(), name="team"),
    path("hoi-dong/to-tu-van/<int:pk>/to-truong/", regulations.TeamHeadView.as_view(), name="team_head"),
    path("hoi-dong/to-tu-van/<int:pk>/thoi/", regulations.TeamLeaveView.as_view(), name="team_leave"),
    path("hoi-dong/thanh-vien/<int:pk>/sua/", councils.SeatEditView.as_view(), name="seat_edit"),
    # A session at the table (pk: session, or agenda item).
    path("phien-hop/<int:pk>/sua/", sessions.SessionEditView.as_view(), name="session_edit"),
    path("phien-hop/<int:pk>/tam-dung/", meetings.SessionPauseView.as_view(), name="session_pause"),
    path("phien-hop/<int:pk>/tiep-tuc/", sessions.SessionResumeView.as_view(), name="session_resume"),
    path("phien-hop/<int:pk>/diem-danh/", meetings.AttendanceView.as_view(), name="attendance"),
    path("phien-hop/<int:pk>/ghi-bien-ban/", meetings.CourseView.as_view(), name="course"),
    path("phien-hop/<int:pk>/chuyen-hop/", meetings.CallMeetingView.as_view(), name="call_meeting"),
    path("phien-hop/ho-so/<int:pk>/thu-tu/", sessions.ItemMoveView.as_view(), name="item_move"),
    path("phien-hop/ho-so/<int:pk>/tam-dung/", meetings.ItemPauseView.as_view(), name="item_pause"),
    path("phien-hop/ho-so/<int:pk>/tiep-tuc/", sessions.ItemResumeView.as_view(), name="item_resume"),
    # Conflict of interest (pk: agenda item; recusal_withdraw: recusal).
    path("phien-hop/ho-so/<int:pk>/xung-dot/", recusals.RecuseView.as_view(), name="recuse"),
    path("xung-dot/<int:pk>/rut/", recusals.RecusalWithdrawView.as_view(), name="recusal_withdraw"),
    # The advisers' review (pk: dossier given to the member; item_reviews: agenda item).
    path("to-tu-van/<int:pk>/bao-cao/", reviews.ReviewView.as_view(), name="review"),
    path("to-tu-van/<int:pk>/bao-cao/tieu-chi/", reviews.ReviewNoteView.as_view(), name="review_note"),
    path("to-tu-van/<int:pk>/bao-cao/noi-dung/", reviews.ReviewTextsView.as_view(), name="review_texts"),
    path("to-tu-van/<int:pk>/bao-cao/gui/", reviews.ReviewSendView.as_view(), name="review_send"),
    path("ket-qua/<int:pk>/tham-muu/", reviews.ItemReviewsView.as_view(), name="item_reviews"),
    path("phien-hop/", sessions.SessionListView.as_view(), name="sessions"),
    path("phien-hop/moi/", sessions.SessionCreateView.as_view(), name="session_create"),
    path("phien-hop/<int:pk>/", sessions.SessionView.as_view(), name="session"),
    path("phien-hop/<int:pk>/them-ho-so/", sessions.AgendaAddView.as_view(), name="agenda_add"),
    path("phien-hop/ho-so/<int:pk>/bo/", sessions.AgendaRemoveView.as_view(), name="agenda_remove"),
    path("phien-hop/<int:pk>/mo/", sessions.SessionOpenView.as_view(), name="session_open"),
    path("phien-hop/<int:pk>/ket-thuc/", sessions.SessionCloseView.as_view(), name="session_close"),
    # The province's desk (pk: dossier), rounds (pk: round) and their entries (pk: entry).
    path("tiep-nhan/", province_desk.DeskView.as_view(), name="desk"),
    path("ho-so/<int:pk>/tiep-nhan/", province_desk.AcceptView.as_view(), name="accept"),
    path("ho-so/<int:pk>/to-tu-van/", province_desk.AdvisersView.as_view(), name="advisers"),
    path("dot/", rounds.RoundListView.as_view(), name="rounds"),
    path("dot/moi/", rounds.RoundCreateView.as_view(), name="round_create"),
    path("dot/<int:pk>/", rounds.RoundView.as_view(), name="round"),
    path("dot/<int:pk>/sua/", rounds.RoundEditView.as_view(), name="round_edit"),
    path("dot/ho-so/<int:pk>/", rounds.EntryView.as_view(), name="entry"),
    path("dot/ho-so/<int:pk>/bo/", rounds.EntryRemoveView.as_view(), name="entry_remove"),
    # The advisory team: what a member was given (pk: dossier), an assignment taken back (pk: assignment).
    path("to-tu-van/", advisory.AssignedListView.as_view(), name="assigned"),
    path("to-tu-van/<int:pk>/", advisory.AssignedDossierView.as_view(), name="assigned_dossier"),
    path("to-tu-van/giao/<int:pk>/thoi/", province_desk.UnassignView.as_view(), name="unassign"),
    # Certificates (pk: certificate), their issue and revocation (pk: recognition).
    path("giay-chung-nhan/", certificates.CertificateListView.as_view(), name="certificates"),
    path(
        "giay-chung-nhan/xuat.xlsx",
        certificates.CertificateWorkbookView.as_view(),
        name="certificates_workbook",
    ),
    path("giay-chung-nhan/chua-cap/", certificates.IssueListView.as_view(), name="certificates_to_issue"),
    path("giay-chung-nhan/<int:pk>/", certificates.CertificateView.as_view(), name="certificate"),
    path("cong-nhan/<int:pk>/cap-giay/", certificates.IssueView.as_view(), name="certificate_issue"),
    path("cong-nhan/<int:pk>/thu-hoi/", revocations.RevocationOpenView.as_view(), name="revocation_open"),
    # Revocations (pk: revocation).
    path("thu-hoi/", revocations.RevocationListView.as_view(), name="revocations"),
    path("thu-hoi/xuat.xlsx", revocations.RevocationWorkbookView.as_view(), name="revocations_workbook"),
    path("thu-hoi/<int:pk>/", revocations.RevocationView.as_view(), name="revocation"),
    path("thu-hoi/<int:pk>/quyet-dinh/", revocations.RevokeView.as_view(), name="revoke"),
    path("thu-hoi/<int:pk>/khong-thu-hoi/", revocations.DropView.as_view(), name="revocation_drop"),
    # Inspections (pk: inspection), their photos (pk: photo).
    path("kiem-tra/", inspections.InspectionListView.as_view(), name="inspections"),
    path("kiem-tra/xuat.xlsx", inspections.InspectionWorkbookView.as_view(), name="inspections_workbook"),
    path("kiem-tra/ke-hoach/", inspections.InspectionPlanView.as_view(), name="inspection_plan"),
    path("kiem-tra/<int:pk>/", inspections.InspectionView.as_view(), name="inspection"),
    path("kiem-tra/<int:pk>/ket-qua/", inspections.ResultView.as_view(), name="inspection_result"),
    path("kiem-tra/<int:pk>/khac-phuc/", inspections.FollowUpView.as_view(), name="inspection_follow_up"),
    path("kiem-tra/<int:pk>/huy/", inspections.CancelView.as_view(), name="inspection_cancel"),
    path("kiem-tra/<int:pk>/anh/", inspections.PhotoAddView.as_view(), name="inspection_photo_add"),
    path("kiem-tra/anh/<int:pk>/", inspections.PhotoView.as_view(), name="inspection_photo"),
    path("kiem-tra/anh/<int:pk>/bo/", inspections.PhotoRemoveView.as_view(), name="inspection_photo_remove"),
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
    # Before closing: the live board, scoring again, the minutes (pk: agenda item unless named).
    path("phien-hop/<int:pk>/bang/", results.SessionBoardView.as_view(), name="session_board"),
    path("ket-qua/<int:pk>/phieu/", results.ItemBoardView.as_view(), name="item_board"),
    path("ket-qua/<int:pk>/cham-lai/<int:seat>/", minutes.RescoringView.as_view(), name="rescore"),
    path(
        "ket-qua/cham-lai/<int:pk>/rut/", minutes.RescoringWithdrawView.as_view(), name="rescore_withdraw"
    ),  # pk: request
    path("ket-qua/<int:pk>/thao-luan/", minutes.DiscussionView.as_view(), name="discuss"),
    path("ket-qua/<int:pk>/bao-luu/", minutes.DissentView.as_view(), name="dissent"),
    path(
        "ket-qua/ket-luan/<int:pk>/rut/", minutes.ConclusionWithdrawView.as_view(), name="conclusion_withdraw"
    ),  # pk: conclusion
    path(
        "ket-qua/<int:pk>/cac-lan-cham/<int:seat>/",
        minutes.SheetVersionsView.as_view(),
        name="sheet_versions",
    ),
    path("ket-qua/<int:pk>/quyet-dinh/", results.DecideView.as_view(), name="decide"),
    path("ho-so/<int:pk>/ket-qua/", results.DossierResultView.as_view(), name="dossier_result"),
    # After the council: submissions (pk: submission), the notice of a result (pk: dossier).
    path("to-trinh/", submissions.SubmissionListView.as_view(), name="submissions"),
    path("to-trinh/moi/", submissions.SubmissionCreateView.as_view(), name="submission_create"),
    path("to-trinh/<int:pk>/", submissions.SubmissionView.as_view(), name="submission"),
    path("to-trinh/<int:pk>/sua/", submissions.SubmissionEditView.as_view(), name="submission_edit"),
    path("to-trinh/<int:pk>/bo/", submissions.SubmissionDiscardView.as_view(), name="submission_discard"),
    path(
        "to-trinh/<int:pk>/buoc/<slug:step>/",
        submissions.SubmissionStepView.as_view(),
        name="submission_step",
    ),
    path("ho-so/<int:pk>/thong-bao/", submissions.ResultNoticeView.as_view(), name="result_notice"),
    # The file for the Ministry (pk: agenda item), its papers (pk: paper).
    path("ket-qua/<int:pk>/trinh-bo/", package.PackageView.as_view(), name="package"),
    path("ket-qua/<int:pk>/trinh-bo/tai/", package.PackageDownloadView.as_view(), name="package_download"),
    path("trinh-bo/giay-to/<int:pk>/", package.PackagePaperView.as_view(), name="package_paper"),
    path(
        "trinh-bo/giay-to/<int:pk>/bo/",
        package.PackagePaperRemoveView.as_view(),
        name="package_paper_remove",
    ),
    # The public catalogue as the office keeps it (pk: product); its public side is in `public_urls`.
    path("danh-muc/", catalogue.CatalogueView.as_view(), name="catalogue"),
    path("danh-muc/<int:pk>/", catalogue.CatalogueEntryView.as_view(), name="catalogue_entry"),
    path("danh-muc/<int:pk>/go/", catalogue.CatalogueWithdrawView.as_view(), name="catalogue_withdraw"),
]
