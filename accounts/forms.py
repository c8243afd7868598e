"""Django's sign-in forms in our words."""

from django.contrib.auth import forms as auth


class SignInForm(auth.AuthenticationForm):
    error_messages = {
        **auth.AuthenticationForm.error_messages,
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Chữ hoa và chữ thường là khác nhau.",
    }


class PasswordResetForm(auth.PasswordResetForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Thư điện tử"
