import django_filters
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from articles.models import Article
from plan.models import Campaign


def agencies_with_articles(_request):
    published = Article.objects.published().order_by().values("agency")
    return Agency.objects.filter(pk__in=published).order_by("name")


class ArticleFilter(django_filters.FilterSet):
    loai = django_filters.ChoiceFilter(
        field_name="kind", label=_("Loại tin bài"), choices=Article.Kind.choices, empty_label=_("Tất cả")
    )
    noi_dung = django_filters.ModelChoiceFilter(
        field_name="campaigns",
        label=_("Nội dung kế hoạch"),
        queryset=Campaign.objects.order_by("-plan__year", "number"),
        empty_label=_("Tất cả"),
    )
    co_quan = django_filters.ModelChoiceFilter(
        field_name="agency",
        label=_("Cơ quan"),
        queryset=agencies_with_articles,
        empty_label=_("Tất cả"),
    )

    class Meta:
        model = Article
        fields = ()
