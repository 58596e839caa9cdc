from django.conf import settings

from articles.models import Page
from articles.views.pieces import PieceDetail
from parcai.lib import html

CONTENTS_FROM = 4  # headings


class PageDetail(PieceDetail):
    queryset = Page.objects.all()
    context_object_name = "page"

    def get_context_data(self, **kwargs):
        page = self.object
        body, contents = html.with_contents(page.body)
        return super().get_context_data(
            body=body,
            contents=contents if len(contents) >= CONTENTS_FROM else [],
            canonical=settings.SITE_URL + page.get_absolute_url(),
            **kwargs,
        )
