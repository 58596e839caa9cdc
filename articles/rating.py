"""Readers rate an article, once each."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.models import Article, Rating, Voter
from articles.services import StepError
from parcai.lib.voting import is_first


@transaction.atomic
def rate(article: Article, *, stars: int, voter: str) -> None:
    """A reader gives 1 to 5 stars, once. `voter` tells one reader from another and is kept as a keyed hash only."""
    if not (article.is_published and article.has_rating):
        raise StepError(_("Bài này không còn nhận đánh giá."))
    if stars not in range(1, 6):
        raise StepError(_("Chọn từ 1 đến 5 sao."))
    if not is_first(Voter, "articles.rating", voter, article=article):
        raise StepError(_("Bài này đã được đánh giá từ thiết bị của bạn."))
    Rating.objects.get_or_create(article=article)
    Rating.objects.filter(article=article).update(votes=F("votes") + 1, stars=F("stars") + stars)
