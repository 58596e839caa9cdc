"""What helps while a piece is being made: typed text kept aside, who else has it open, links for a look before."""

import re
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from articles.models import Autosave, Piece, Presence, PreviewLink
from articles.models.editing import SEEN_FOR

MOST_TYPED = 500_000  # characters of one autosave
MOST_BEGUN = 20  # new pieces of a kind an official may have begun and not saved; the oldest goes
FORM_KEY = re.compile(r"[0-9a-f]{32}")
TYPED_KEPT = timedelta(days=90)
PREVIEW_DAYS = 7
PREVIEW_SALT = "articles.preview"


# Typed and not saved ---------------------------------------------------------------------------------------------


def _slot(model: type[Piece], piece: Piece | None, key: str) -> dict:
    return {
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": piece.pk if piece else 0,
        "form_key": key if piece is None and FORM_KEY.fullmatch(key) else "",
    }


def keep_typed(model: type[Piece], piece: Piece | None, typed: QueryDict, *, by) -> Autosave:
    """Put what stands in the form aside for `by`; the piece and its revisions stay as they are."""
    fields = {
        name: [value.replace("\x00", "") for value in values]
        for name, values in typed.lists()
        if not name.startswith("_") and name not in {"csrfmiddlewaretoken", "decision_note"}
    }
    version = typed.get("seen_version", "")
    kept, is_new = Autosave.objects.update_or_create(
        **_slot(model, piece, typed.get("form_key", "")),
        by=by,
        defaults={
            "fields": fields,
            "seen_version": int(version) if version.isdecimal() and len(version) < 9 else 0,
        },
    )
    if is_new and piece is None:
        too_many = begun(model, by=by).values_list("pk", flat=True)[MOST_BEGUN:]
        Autosave.objects.filter(pk__in=list(too_many)).delete()
    return kept


def autosaved(model: type[Piece], piece: Piece | None, *, by, key: str = "") -> Autosave | None:
    """What this official typed into the form and did not save; `key` tells the forms of new pieces apart."""
    return Autosave.objects.filter(**_slot(model, piece, key), by=by).first()


def begun(model: type[Piece], *, by):
    """New pieces of a kind this official began and did not save, the newest first."""
    kind = ContentType.objects.get_for_model(model)
    return Autosave.objects.filter(content_type=kind, object_id=0, by=by).order_by("-saved_at", "-pk")


def drop_autosave(model: type[Piece], piece: Piece | None, *, by, key: str = "") -> None:
    Autosave.objects.filter(**_slot(model, piece, key), by=by).delete()


def forget_typed() -> int:
    """Drop what nobody came back for. Returns how many rows went."""
    return Autosave.objects.filter(saved_at__lt=timezone.now() - TYPED_KEPT).delete()[0]


# Who else has it open --------------------------------------------------------------------------------------------


def note_presence(piece: Piece, *, by) -> list[str]:
    """Say that `by` has the piece open; returns the names of the others who have."""
    now = timezone.now()
    about = {"content_type": ContentType.objects.get_for_model(piece), "object_id": piece.pk}
    Presence.objects.update_or_create(**about, by=by, defaults={"seen_at": now})
    others = Presence.objects.filter(**about, seen_at__gt=now - SEEN_FOR).exclude(by=by)
    return [str(each.by) for each in others.select_related("by")]


def forget_presence() -> int:
    """Drop what says nothing any more. Returns how many rows went."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()[0]


# A look before it is public --------------------------------------------------------------------------------------


def make_preview_link(piece: Piece, *, by) -> PreviewLink:
    return PreviewLink.objects.create(
        piece=piece, created_by=by, expires_at=timezone.now() + timedelta(days=PREVIEW_DAYS)
    )


def token(link: PreviewLink) -> str:
    """What stands in the address: nobody can make one up, and the row says until when it holds."""
    return signing.Signer(salt=PREVIEW_SALT).sign(str(link.pk))


def previewed(text: str) -> PreviewLink | None:
    """The living link behind a token."""
    try:
        pk = signing.Signer(salt=PREVIEW_SALT).unsign(text)
    except signing.BadSignature:
        return None
    link = PreviewLink.objects.filter(pk=int(pk)).select_related("content_type").first()
    return link if link and link.is_alive else None
