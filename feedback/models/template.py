import re
from html import escape

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from feedback.models.case import Case
from parcai.lib.fields import LineField, RichTextField

PLACE = re.compile(r"\{([^{}<>]{0,40})\}")
PLACES = ("ma_ho_so", "tieu_de", "ten_nguoi_gui", "co_quan", "han")


class AnswerTemplateQuerySet(models.QuerySet):
    def offered_for(self, case):
        """What fits a case: of its agency or the whole province, its kind and topic."""
        own = Q(agency=None)
        if case.agency_id:
            own |= Q(agency__in=case.agency.with_predecessors())
        return self.filter(
            own, Q(topic=None) | Q(topic=case.topic_id), is_active=True, kind__in=("", case.kind)
        )


class AnswerTemplate(models.Model):
    """Words an agency answers with again and again; places in braces are filled from the case at hand."""

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        verbose_name=_("cơ quan"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Để trống: mọi cơ quan đều dùng được."),
    )
    kind = models.CharField(
        _("loại hồ sơ"), max_length=10, choices=Case.Kind, blank=True, help_text=_("Để trống: cả hai loại.")
    )
    topic = models.ForeignKey(
        "articles.Topic", models.PROTECT, verbose_name=_("lĩnh vực"), related_name="+", null=True, blank=True
    )
    title = LineField(_("tên mẫu"), max_length=120)
    body = RichTextField(
        _("nội dung"),
        help_text=_(
            "Chỗ điền sẵn theo hồ sơ: {ma_ho_so}, {tieu_de}, {ten_nguoi_gui}, {co_quan}, {han} (hạn trả lời)."
        ),
    )
    is_active = models.BooleanField(_("đang dùng"), default=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mẫu trả lời")
        verbose_name_plural = _("mẫu trả lời")
        ordering = ("title", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("agency", "title"), nulls_distinct=False, name="answer_template_title_once"
            )
        ]

    def __str__(self):
        return self.title

    def clean(self):
        unknown = sorted({place for place in PLACE.findall(self.body or "") if place not in PLACES})
        if unknown:
            words = _("Không có chỗ điền sẵn tên {%(place)s}. Hãy dùng: %(places)s.")
            known = ", ".join(f"{{{place}}}" for place in PLACES)
            raise ValidationError({"body": words % {"place": unknown[0], "places": known}})

    def filled(self, case: Case) -> str:
        """The words for this very case, as rich text."""
        found = {
            "ma_ho_so": case.code,
            "tieu_de": case.title,
            "ten_nguoi_gui": case.asker_name,
            "co_quan": str(case.agency or ""),
            "han": f"{case.due_on.day}/{case.due_on.month}/{case.due_on.year}",
        }
        return PLACE.sub(lambda place: escape(found.get(place[1], place[0])), self.body)
