from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.roles import AGENCY_ROLES, WHAT_A_ROLE_DOES, Role
from parcai.lib.widgets import CheckGrid


def _roles():
    """The nine roles in the order in which the work goes."""
    order = Case(*(When(name=str(role), then=Value(place)) for place, role in enumerate(Role)))
    return Group.objects.filter(name__in=[str(role) for role in Role]).order_by(order)


class RolesField(forms.ModelMultipleChoiceField):
    """Check boxes, each with a line that says what the role does."""

    widget = CheckGrid

    def __init__(self, **kwargs):
        super().__init__(Group.objects.none(), **kwargs)
        self.queryset = _roles()

    def label_from_instance(self, obj):
        return f"{obj.name}: {WHAT_A_ROLE_DOES[Role(obj.name)]}"


class _Official(forms.ModelForm):
    """What holds for a new account and a changed one: a role, and an agency where the role works for one."""

    groups = RolesField(
        label=_("Vai trò"),
        error_messages={
            "required": _("Chọn ít nhất một vai trò: không có vai trò thì tài khoản không làm được gì.")
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields and self.instance.is_superuser:
            self.fields["groups"].required = False

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        roles = {group.name for group in cleaned.get("groups") or ()}
        needing = [str(role) for role in Role if role in AGENCY_ROLES and role in roles]
        if needing and "agency" in self.fields and not cleaned.get("agency"):
            self.add_error("agency", _("Vai trò %s cần có cơ quan.") % ", ".join(needing))
        return cleaned

    def clean_groups(self):
        """Groups that are none of the nine roles stay as they are."""
        chosen = self.cleaned_data["groups"]
        if not self.instance.pk:
            return chosen
        others = self.instance.groups.exclude(pk__in=_roles().values("pk"))
        return Group.objects.filter(
            pk__in=[*(each.pk for each in chosen), *others.values_list("pk", flat=True)]
        )


class OfficialCreationForm(_Official, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "full_name", "title", "agency", "email", "groups")
        labels = {"username": _("Tên đăng nhập"), "email": _("Thư điện tử")}
        help_texts = {"username": _("Chữ không dấu, số và các dấu @ . + - _")}


class OfficialChangeForm(_Official, UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        labels = {
            "username": _("Tên đăng nhập"),
            "email": _("Thư điện tử"),
            "is_superuser": _("Toàn quyền trên cổng"),
        }
        help_texts = {
            "username": _("Chữ không dấu, số và các dấu @ . + - _"),
            "is_superuser": _("Làm được mọi việc, không cần vai trò. Chỉ dành cho người vận hành máy chủ."),
        }


class NewPasswordForm(AdminPasswordChangeForm):
    """A password set by an administrator; every account has one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True
