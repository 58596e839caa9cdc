"""Why a document is not taken, in words for the official."""

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def refusal(text: str | Promise, code: str) -> ValidationError:
    return ValidationError(str(text), code=code)


def other_content() -> ValidationError:
    return refusal(
        _(
            "Nội dung tệp không đúng loại như tên tệp nói, hoặc tệp bị hỏng. Hãy lưu lại từ phần mềm soạn thảo rồi tải lên."
        ),
        "content",
    )


def locked() -> ValidationError:
    return refusal(
        _("Tệp đang đặt mật khẩu hoặc khóa quyền, người đọc sẽ không mở được. Hãy bỏ khóa rồi tải lại."),
        "locked",
    )


def macro() -> ValidationError:
    return refusal(_("Tệp có macro hoặc mã lệnh. Hãy lưu thành bản không có macro rồi tải lại."), "macro")


def script() -> ValidationError:
    return refusal(
        _(
            "PDF có mã lệnh, biểu mẫu tự chạy hoặc lệnh mở chương trình. Hãy in lại thành PDF (Print to PDF) rồi tải lên."
        ),
        "script",
    )


def bomb() -> ValidationError:
    return refusal(_("Tệp bung ra quá lớn hoặc có quá nhiều phần bên trong nên không được nhận."), "bomb")


def program() -> ValidationError:
    return refusal(
        _("Bên trong tệp có chương trình, tệp đóng gói hoặc tệp có macro. Hãy bỏ phần đó ra rồi tải lại."),
        "program",
    )
