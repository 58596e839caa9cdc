from ipaddress import ip_network

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from agencies.keys import OVERLAPS
from agencies.models import Agency, ApiKey, Leader, User
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


# Keys of other systems -------------------------------------------------------------------------------------------


class ApiKeyForm(forms.ModelForm):
    class Meta:
        model = ApiKey
        fields = ()

    def clean_networks(self):
        """One network a line, written as it is understood: 203.0.113.7/24 is 203.0.113.0/24."""
        found = []
        for line in self.cleaned_data["networks"].split():
            try:
                found.append(str(ip_network(line, strict=False)))
            except ValueError:
                text = _("“%s” không phải là địa chỉ hay dải địa chỉ mạng.") % line[:60]
                raise forms.ValidationError(text, code="network") from None
        return "\n".join(found)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("may_answer") and not cleaned.get("agencies"):
            self.add_error("agencies", _("Quyền trình dự thảo trả lời phải gắn với cơ quan."))
        return cleaned


class RenewalForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label=_("Bí mật cũ còn dùng được"),
        coerce=int,
        choices=[
            (
                days,
                _("thêm %d ngày, để hệ thống kia kịp thay") % days
                if days
                else _("không – ngừng ngay vì đã lộ"),
            )
            for days in sorted(OVERLAPS, reverse=True)
        ],
        initial=7,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một mục."), "invalid_choice": _("Chọn một mục.")},
    )


# The directory ---------------------------------------------------------------------------------------------------


class AgencyForm(forms.ModelForm):
    website = forms.URLField(
        label=_("Trang thông tin điện tử"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vTextField"}),
        error_messages={"invalid": _("Viết một địa chỉ trang, ví dụ https://vidu.vn.")},
    )

    class Meta:
        model = Agency
        fields = ()


class LeaderForm(forms.ModelForm):
    """One leader. Who is head at the same time is asked in `clean` or, for a whole list, by `LeaderFormSet`."""

    class Meta:
        model = Leader
        fields = ()

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_head") and (agency := cleaned.get("agency")) and not self.errors:
            term = Leader(valid_from=cleaned.get("valid_from"), valid_to=cleaned.get("valid_to"))
            others = agency.leaders.filter(is_head=True).exclude(pk=self.instance.pk)
            if other := next((each for each in others if each.serves_with(term)), None):
                self.add_error("is_head", another_head(other))
        return cleaned

    def validate_constraints(self):
        """All but the one about two heads: it is asked above, of all their days and beside its own field."""
        exclude = {*self._get_validation_exclusions(), "agency"}
        try:
            self.instance.validate_constraints(exclude=exclude)
        except forms.ValidationError as error:
            self._update_errors(error)


class LeaderOfAgencyForm(LeaderForm):
    def clean(self):
        return forms.ModelForm.clean(self)


class LeaderFormSet(forms.BaseInlineFormSet):
    """The leaders of one agency, saved together: one may step down and another follow in the same saving."""

    def clean(self):
        super().clean()
        heads = self._unseen_heads()
        for form in self.forms:
            if not form.is_valid() or self._should_delete_form(form) or not form.cleaned_data.get("is_head"):
                continue
            if other := next((each for each in heads if each.serves_with(form.instance)), None):
                form.add_error("is_head", another_head(other))
            heads.append(form.instance)

    def _unseen_heads(self) -> list[Leader]:
        """Heads somebody else wrote down since this list was opened."""
        if not self.instance.pk:
            return []
        listed = [form.instance.pk for form in self.initial_forms]
        return list(self.instance.leaders.filter(is_head=True).exclude(pk__in=listed))

    def save_existing_objects(self, commit=True):
        if commit:  # nobody who is changed stands in the way of who is saved before them
            changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
            self.instance.leaders.filter(pk__in=changed).update(is_head=False)
        return super().save_existing_objects(commit)


def another_head(other: Leader):
    return (
        _(
            "Trong thời gian này %s đang là người đứng đầu. Ghi ngày thôi giữ chức của người đó, hoặc bỏ chọn ô này."
        )
        % other.full_name
    )
