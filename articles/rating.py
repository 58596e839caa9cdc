"""Readers rate an article, once each."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.models import Article, Rating, Voter
from articles.services import StepError


@transaction.atomic
def rate(article: Article, *, stars: int, voter: str) -> None:
    """A reader gives 1 to 5 stars, once. `voter` tells one reader from another and is kept as a keyed hash only."""
    if not (article.is_published and article.has_rating):
        raise StepError(_("Bài này không còn nhận đánh giá."))
    if stars not in range(1, 6):
        raise StepError(_("Chọn từ 1 đến 5 sao."))
    key = salted_hmac("articles.rating", f"{article.pk}:{voter}", algorithm="sha256").hexdigest()
    if not _is_first_vote(article, key):
        raise StepError(_("Bài này đã được đánh giá từ thiết bị của bạn."))
    Rating.objects.get_or_create(article=article)
    Rating.objects.filter(article=article).update(votes=F("votes") + 1, stars=F("stars") + stars)


def _is_first_vote(article: Article, key: str) -> bool:
    try:
        with transaction.atomic():
            Voter.objects.create(article=article, key=key)
    except IntegrityError:
        return False
    return True
