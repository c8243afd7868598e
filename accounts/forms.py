"""Django's sign-in forms in our words."""

from django.contrib.auth import forms as auth
from django.core.exceptions import ValidationError


class SignInForm(auth.AuthenticationForm):
    error_messages = {
        **auth.AuthenticationForm.error_messages,
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Chữ hoa và chữ thường là khác nhau.",
    }


class PasswordResetForm(auth.PasswordResetForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Thư điện tử"


class PasswordChangeForm(auth.PasswordChangeForm):
    """A new password that is indeed new."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user.must_change_password:
            self.fields["old_password"].label = "Mật khẩu được cấp"

    def clean_new_password1(self):
        new = self.cleaned_data["new_password1"]
        if self.user.check_password(new):
            raise ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
        return new
