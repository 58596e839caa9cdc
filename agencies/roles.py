"""The nine roles (DESIGN: roles) and how a migration gives them permissions."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.contrib.auth.management import create_permissions
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    ADMINISTRATOR = "Quản trị hệ thống"
    EDITOR = "Biên tập viên"
    PUBLISHER = "Ban Biên tập"
    COORDINATOR = "Điều phối viên"
    OFFICER = "Chuyên viên"
    HEAD = "Thủ trưởng"
    PLAN_MANAGER = "Phụ trách kế hoạch"
    INDEX_MANAGER = "Phụ trách chỉ số"
    OBSERVER = "Giám sát"


# What each role does, as the form for an official says it.
WHAT_A_ROLE_DOES = {
    Role.ADMINISTRATOR: _("quản lý cơ quan, tài khoản cán bộ, lịch làm việc, thời hạn; xem thư gửi đi"),
    Role.EDITOR: _("viết và sửa tin bài của cơ quan mình (không gắn cơ quan: của cả cổng)"),
    Role.PUBLISHER: _("duyệt, đăng và gỡ tin bài"),
    Role.COORDINATOR: _(
        "tiếp nhận, phân loại, chuyển hồ sơ đến cơ quan và công khai câu trả lời; giữ quy tắc phân công, lý do từ chối"
    ),
    Role.OFFICER: _("soạn câu trả lời cho hồ sơ của cơ quan mình; cần chọn cơ quan"),
    Role.HEAD: _("duyệt và ký câu trả lời của cơ quan mình; cần chọn cơ quan"),
    Role.PLAN_MANAGER: _("cập nhật kế hoạch và mười nội dung tuyên truyền"),
    Role.INDEX_MANAGER: _("cập nhật các bộ chỉ số"),
    Role.OBSERVER: _("xem mọi việc trừ thông tin người hỏi và hồ sơ kín; không sửa gì"),
}
ADMIN_ROLES = frozenset(
    (
        Role.ADMINISTRATOR,
        Role.EDITOR,
        Role.PUBLISHER,
        Role.COORDINATOR,
        Role.PLAN_MANAGER,
        Role.INDEX_MANAGER,
        Role.OBSERVER,
    )
)
AGENCY_ROLES = frozenset((Role.OFFICER, Role.HEAD))


DESK_ROLES = (Role.COORDINATOR, Role.OFFICER, Role.HEAD, Role.OBSERVER)  # who enters the casework desk


def grant(app_label: str, permissions: Mapping[Role, Iterable[str]]):
    """A migration step: gives each role the named permissions of one app.

    Permissions are normally made after all migrations; here they are made first, so that the step finds them.
    """

    def forwards(apps, schema_editor):
        app_config = apps.get_app_config(app_label)
        before = getattr(app_config, "models_module", None)
        app_config.models_module = True  # a historical app says it has none
        create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app_config.models_module = before
        Group = apps.get_model("auth", "Group")
        Permission = apps.get_model("auth", "Permission")
        for role, codenames in permissions.items():
            group, _created = Group.objects.get_or_create(name=str(role))
            found = Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
            missing = set(codenames) - set(found.values_list("codename", flat=True))
            if missing:
                raise LookupError(f"{app_label} has no permission {sorted(missing)}")
            group.permissions.add(*found)

    return forwards
