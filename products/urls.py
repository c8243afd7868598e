"""Addresses of entities, products and dossiers."""

from django.urls import path

from products.views import (
    desk,
    dossiers,
    entities,
    entity_accounts,
    evidence,
    exports,
    funnel,
    imports,
    merge,
    photos,
    products,
    recognitions,
    reports,
    representatives,
    search,
    transitions,
    versions,
)

app_name = "products"

urlpatterns = [
    path("chu-the/", entities.EntityListView.as_view(), name="entities"),
    path("chu-the/xuat.xlsx", exports.EntityWorkbookView.as_view(), name="entities_workbook"),
    path("chu-the/moi/", entities.EntityCreateView.as_view(), name="entity_create"),
    path("chu-the/ten-giong/", entities.EntityLookalikesView.as_view(), name="entity_lookalikes"),
    path("chu-the/co-the-trung/", merge.DuplicatesView.as_view(), name="entity_duplicates"),
    path("chu-the/<int:pk>/", entities.EntityView.as_view(), name="entity"),
    path("chu-the/<int:pk>/sua/", entities.EntityEditView.as_view(), name="entity_edit"),
    path("chu-the/<int:pk>/gop/", merge.MergeView.as_view(), name="entity_merge"),
    path("chu-the/<int:pk>/khong-trung/", merge.DistinctView.as_view(), name="entity_distinct"),
    path(
        "chu-the/<int:pk>/nguoi-dai-dien/",
        representatives.RepresentativeView.as_view(),
        name="representative",
    ),
    path(
        "chu-the/<int:pk>/nguoi-dai-dien/sua/",
        representatives.RepresentativeEditView.as_view(),
        name="representative_edit",
    ),
    path(
        "chu-the/<int:pk>/nguoi-dai-dien/nhat-ky/",
        representatives.RepresentativeLogView.as_view(),
        name="representative_log",
    ),
    path("chu-the/<int:pk>/tai-khoan/", entity_accounts.EntityAccountsView.as_view(), name="entity_accounts"),
    path(
        "chu-the/<int:pk>/tai-khoan/them/",
        entity_accounts.EntityAccountAttachView.as_view(),
        name="entity_account_attach",
    ),
    path(
        "chu-the/<int:pk>/tai-khoan/mat-khau/",
        entity_accounts.EntityAccountPasswordView.as_view(),
        name="entity_account_password",
    ),
    path(
        "chu-the/<int:pk>/tai-khoan/dong/",
        entity_accounts.EntityAccountCloseView.as_view(),
        name="entity_account_close",
    ),
    # A product begins at its entity (pk: entity), a dossier at its product (pk: product).
    path("chu-the/<int:pk>/san-pham-moi/", products.ProductCreateView.as_view(), name="product_create"),
    path("san-pham/", products.ProductListView.as_view(), name="products"),
    path("san-pham/xuat.xlsx", exports.ProductWorkbookView.as_view(), name="products_workbook"),
    path("san-pham/<int:pk>/", products.ProductView.as_view(), name="product"),
    path("san-pham/<int:pk>/sua/", products.ProductEditView.as_view(), name="product_edit"),
    path("san-pham/<int:pk>/anh/", photos.PhotosView.as_view(), name="photos"),
    path(
        "san-pham/<int:pk>/cong-nhan-moi/",
        recognitions.RecognitionCreateView.as_view(),
        name="recognition_create",
    ),
    # One picture (pk: photo), one recognition (pk: recognition).
    path("anh-san-pham/<int:pk>/", photos.PhotoView.as_view(), name="photo"),
    path("anh-san-pham/<int:pk>/nho/", photos.PhotoView.as_view(small=True), name="photo_small"),
    path("anh-san-pham/<int:pk>/sua/", photos.PhotoChangeView.as_view(), name="photo_change"),
    path("cong-nhan/<int:pk>/sua/", recognitions.RecognitionEditView.as_view(), name="recognition_edit"),
    path(
        "cong-nhan/<int:pk>/gia-han/", recognitions.RecognitionExtendView.as_view(), name="recognition_extend"
    ),
    path("san-pham/<int:pk>/ho-so-moi/", dossiers.DossierCreateView.as_view(), name="dossier_create"),
    path("ho-so/", dossiers.DossierListView.as_view(), name="dossiers"),
    path("ho-so/xuat.xlsx", exports.DossierWorkbookView.as_view(), name="dossiers_workbook"),
    path("ho-so/tien-trinh/", funnel.FunnelView.as_view(), name="funnel"),
    path("ho-so/<int:pk>/", dossiers.DossierView.as_view(), name="dossier"),
    path("ho-so/<int:pk>/dang-ky/", dossiers.DossierRegistrationView.as_view(), name="dossier_registration"),
    path("ho-so/<int:pk>/soan/<slug:step>/", dossiers.DossierEditView.as_view(), name="dossier_edit"),
    path("ho-so/<int:pk>/minh-chung/", evidence.EvidenceView.as_view(), name="evidence"),
    path(
        "ho-so/<int:pk>/lan/<int:number>/tai/",
        evidence.DossierDownloadView.as_view(),
        name="dossier_download",
    ),
    # One paper (pk: evidence).
    path("minh-chung/<int:pk>/", evidence.PaperView.as_view(), name="evidence_view"),
    path("minh-chung/<int:pk>/sua/", evidence.PaperEditView.as_view(), name="evidence_edit"),
    path("minh-chung/<int:pk>/bo/", evidence.PaperRemoveView.as_view(), name="evidence_remove"),
    path("minh-chung/<int:pk>/tai/", evidence.PaperDownloadView.as_view(), name="evidence_download"),
    path(
        "minh-chung/<int:pk>/trang/<int:page>/",
        evidence.PagePictureView.as_view(),
        name="evidence_picture",
    ),
    path("ho-so/<int:pk>/so-sanh/<int:a>/<int:b>/", versions.CompareView.as_view(), name="compare"),
    path("ho-so/<int:pk>/lan/<int:number>/", dossiers.VersionView.as_view(), name="version"),
    # The desks: inbox, entering for an entity, check, receipt, Mẫu 03.
    path("xa/ho-so/", desk.CommuneInboxView.as_view(), name="commune_desk"),
    path("xa/nhap-ho-so/", desk.EnterDossierView.as_view(), name="enter_dossier"),
    path("ho-so/<int:pk>/kiem-tra/", desk.DeskCheckView.as_view(), name="desk_check"),
    path("ho-so/<int:pk>/kiem-tra/<slug:section>/", desk.SectionCheckView.as_view(), name="section_check"),
    path("ho-so/<int:pk>/mau-03/", reports.CommuneReportEditView.as_view(), name="commune_report_edit"),
    path(
        "ho-so/<int:pk>/lan/<int:number>/mau-03/",
        reports.CommuneReportView.as_view(),
        name="commune_report",
    ),
    path(
        "ho-so/<int:pk>/lan/<int:number>/giay-tiep-nhan/",
        desk.ReceiptView.as_view(),
        name="receipt",
    ),
    path("ho-so/<int:pk>/buoc/<slug:name>/", transitions.TransitionView.as_view(), name="transition"),
    path("nhap-du-lieu/", imports.ImportListView.as_view(), name="imports"),
    path("nhap-du-lieu/mau.xlsx", imports.ImportTemplateView.as_view(), name="import_template"),
    path("nhap-du-lieu/tai-len/", imports.ImportUploadView.as_view(), name="import_upload"),
    path("nhap-du-lieu/<uuid:pk>/", imports.ImportView.as_view(), name="import"),
    path("nhap-du-lieu/<uuid:pk>/tra-loi/", imports.ImportAnswerView.as_view(), name="import_answer"),
    path("nhap-du-lieu/<uuid:pk>/ghi/", imports.ImportConfirmView.as_view(), name="import_confirm"),
    path("nhap-du-lieu/<uuid:pk>/kiem-tra/", imports.ImportRecheckView.as_view(), name="import_recheck"),
    path("nhap-du-lieu/<uuid:pk>/bo/", imports.ImportDiscardView.as_view(), name="import_discard"),
    path("nhap-du-lieu/<uuid:pk>/ket-qua.xlsx", imports.ImportResultView.as_view(), name="import_result"),
    path("tim/", search.SearchView.as_view(), name="search"),
]
