from django import forms
from django.utils.translation import gettext_lazy as _


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("Bạn cho bài này mấy sao?"),
        coerce=int,
        choices=[
            (5, _("5 sao – rất hữu ích")),
            (4, _("4 sao – hữu ích")),
            (3, _("3 sao – bình thường")),
            (2, _("2 sao – ít hữu ích")),
            (1, _("1 sao – không hữu ích")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn số sao."), "invalid_choice": _("Chọn từ 1 đến 5 sao.")},
    )
