"""Signing asks for the password once more. Guessing is counted for the account, whoever sits before the screen."""

from django.utils.translation import gettext as _

from agencies import services as agencies

TRIES = {"limit": 5, "seconds": 15 * 60}


def confirm(request, form) -> bool:
    """Whether the password is the official's own; the reason stands beside its field when not."""
    keys = [f"official:{request.user.pk}"]
    if not agencies.is_allowed("sign", keys, **TRIES):
        form.add_error("password", _("Nhập sai quá nhiều lần. Hãy thử lại sau 15 phút; chưa có gì được ký."))
        return False
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", _("Mật khẩu không đúng. Chưa có gì được ký."))
        return False
    agencies.refund("sign", keys, seconds=TRIES["seconds"])
    return True
