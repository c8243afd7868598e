from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import home, saved_views, sign_in

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
]
