"""What every kind of piece the board publishes has in common."""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.roles import Role
from articles.models.editing import Comment, Presence, PreviewLink, Revision
from articles.models.media import sees_all
from parcai.lib.publishing import Publishable, PublishableQuerySet, readable_q
from parcai.lib.vietnamese import free_slug
from parcai.search.entry import Entry


class Named(models.Model):
    """What has a name of its own, and by it a part of addresses."""

    name: str  # each kind calls it in its own words
    slug = models.SlugField(_("đường dẫn"), max_length=80, unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        others = type(self)._default_manager.exclude(pk=self.pk)
        self.slug = free_slug(self.name, lambda found: others.filter(slug=found).exists())
        super().save(*args, **kwargs)


class PieceQuerySet(PublishableQuerySet):
    def visible_to(self, user):
        """Pieces an official may see in the admin: all for the board, else own ones and those of one's agency."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        return self.filter(self._of(user)) if user.has_role(Role.EDITOR) else self.none()

    def known_to(self, user):
        """What an official may choose in a form: what they may see or the public reads, never the draft of a change."""
        rows: Any = self.model._default_manager
        seen = Q(pk__in=rows.visible_to(user).order_by().values("pk"))
        return self.filter(seen | readable_q(), amends=None)

    def findable(self):
        """Rows that belong in the search index: approved ones, which it shows from their hour on."""
        return self.filter(status=Publishable.Status.APPROVED)

    def _of(self, user) -> Q:
        own = Q(author=user)
        return own | Q(agency__in=user.agency_scope) if hasattr(self.model, "agency") else own


class Piece(Publishable):
    """Something the board publishes: an article, a document, a video, a page."""

    if TYPE_CHECKING:  # what a kind may have; only those with EVIDENCE belong to campaigns
        campaigns: Any
        agency: Any
        images: Any
        amendments: Any

        def get_absolute_url(self) -> str: ...

        def as_entry(self, **hours) -> Entry:
            """The words to be found by; each kind says its own."""

    EVIDENCE = ""  # plan.Evidence.Kind of what proves work for a campaign

    revisions = GenericRelation(Revision)
    comments = GenericRelation(Comment)
    presences = GenericRelation(Presence)
    preview_links = GenericRelation(PreviewLink)

    class Meta(Publishable.Meta):
        abstract = True

    @property
    def SEARCH_RECORD(self) -> str:  # noqa: N802 (one name for kinds that say it as a constant)
        return str(self._meta.model_name)

    def search_entry(self) -> Entry | None:
        """What the search index holds of it; None unless it is approved."""
        if self.status != self.Status.APPROVED or self.publish_at is None:
            return None
        return self.as_entry(shown_from=self.publish_at, shown_until=self.unpublish_at)

    def what_is_wrong(self, by) -> str:
        """Why nobody else may read it as it stands, in words for the official `by`; empty when nothing is wrong."""
        return ""
