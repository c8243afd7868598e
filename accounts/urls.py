from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import administration, home, saved_views, sign_in

app_name = "accounts"

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("dang-nhap/", sign_in.LoginView.as_view(), name="login"),
    path("dang-xuat/", LogoutView.as_view(), name="logout"),
    path("mat-khau/", sign_in.PasswordChangeView.as_view(), name="password_change"),
    path("mat-khau/xong/", sign_in.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("quen-mat-khau/", sign_in.PasswordResetView.as_view(), name="password_reset"),
    path("quen-mat-khau/da-gui/", sign_in.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "quen-mat-khau/<uidb64>/<token>/",
        sign_in.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("quen-mat-khau/xong/", sign_in.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("che-do-xem/<int:pk>/doi-ten/", saved_views.SavedViewRenameView.as_view(), name="saved_view_rename"),
    path("che-do-xem/<int:pk>/xoa/", saved_views.SavedViewDeleteView.as_view(), name="saved_view_delete"),
    # The administrator's pages (pk: account).
    path("tai-khoan/", administration.AccountListView.as_view(), name="accounts"),
    path("tai-khoan/xuat.xlsx", administration.AccountWorkbookView.as_view(), name="accounts_workbook"),
    path("nhat-ky/", administration.LogView.as_view(), name="log"),
    path("nhat-ky/xuat.xlsx", administration.LogWorkbookView.as_view(), name="log_workbook"),
    path("tai-khoan/moi/", administration.AccountCreateView.as_view(), name="account_create"),
    path("tai-khoan/nhieu/", administration.AccountManyView.as_view(), name="account_many"),
    path("tai-khoan/<int:pk>/", administration.AccountView.as_view(), name="account"),
    path("tai-khoan/<int:pk>/sua/", administration.AccountEditView.as_view(), name="account_edit"),
    path("tai-khoan/<int:pk>/vai-tro/", administration.RoleGiveView.as_view(), name="role_give"),
    # pk: the role held.
    path("tai-khoan/vai-tro/<int:pk>/het/", administration.RoleEndView.as_view(), name="role_end"),
    path("tai-khoan/<int:pk>/khoa/", administration.AccountLockView.as_view(), name="account_lock"),
    path("tai-khoan/<int:pk>/mo-khoa/", administration.AccountUnlockView.as_view(), name="account_unlock"),
    path(
        "tai-khoan/<int:pk>/mat-khau/", administration.AccountPasswordView.as_view(), name="account_password"
    ),
]
