"""The content of a piece as one value: kept as a revision, put back, copied, compared.

A snapshot holds what JSON can hold: texts, numbers, moments as ISO text, relations as lists of keys.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from articles import citations, files, images
from articles.models import Image, Piece, Revision
from parcai.lib import html
from parcai.lib.differences import compare_lines, is_cut
from parcai.lib.fields import RichTextField
from parcai.lib.outline import outline

KEPT = 200  # revisions of one piece; the oldest are dropped beyond


def _field(model, name: str) -> Any:
    """A field by its name; `CONTENT` names real ones only."""
    return model._meta.get_field(name)


def snapshot(piece: Piece) -> dict:
    """What the reader gets of `piece`, as it stands in the database and in memory."""
    content: dict = {}
    for name in piece.CONTENT:
        field = _field(piece, name)
        if field.many_to_many:
            content[name] = sorted(str(pk) for pk in getattr(piece, name).values_list("pk", flat=True))
        else:
            value = getattr(piece, field.attname)
            content[name] = value if value is None or isinstance(value, bool | int) else str(value)
    return content


def put(piece: Piece, content: dict) -> list[str]:
    """Give `piece` (saved before) the content of a snapshot. Returns the names of what no longer exists."""
    missing, relations = [], {}
    for name in piece.CONTENT:
        if name not in content:
            continue
        field = _field(piece, name)
        if field.many_to_many:
            found = field.related_model._default_manager.filter(pk__in=content[name])
            own = {piece.pk, piece.amends_id} if field.related_model is type(piece) else set()
            relations[name] = [row for row in found if row.pk not in own]  # nothing is related to itself
            if len(found) < len(content[name]):
                missing.append(str(field.verbose_name))
        elif field.is_relation and content[name] is not None:
            if field.related_model._default_manager.filter(pk=content[name]).exists():
                setattr(piece, field.attname, field.target_field.to_python(content[name]))
            else:
                missing.append(str(field.verbose_name))
        else:
            setattr(piece, field.attname, field.to_python(content[name]))
    piece.save()
    for name, rows in relations.items():
        getattr(piece, name).set(rows)
    note_images(piece)
    note_citations(piece)
    return missing + no_longer_kept(piece)


def keep_revision(piece: Piece, *, by, note: str) -> Revision | None:
    """Remember the content as it stands; nothing when it is that of the newest revision."""
    content = snapshot(piece)
    newest = piece.revisions.first()
    if newest and newest.content == content:
        return None
    number = (piece.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    kept = Revision.objects.create(
        content_type=ContentType.objects.get_for_model(piece),
        object_id=piece.pk,
        number=number,
        content=content,
        by=by,
        note=note[:200],
    )
    piece.revisions.filter(number__lte=number - KEPT).delete()
    return kept


def bodies(piece: Piece) -> list[str]:
    """The rich texts of a piece."""
    return [
        getattr(piece, name)
        for name in piece.CONTENT
        if isinstance(piece._meta.get_field(name), RichTextField)
    ]


def no_longer_kept(piece: Piece) -> list[str]:
    """Pictures and linked files of the texts that the library does not have any more, in words."""
    return [
        words
        for body in bodies(piece)
        for words in (
            *images.no_longer_kept(body),
            *(_("tệp “%s”") % words for words in files.no_longer_kept(body)),
        )
    ]


def note_images(piece: Piece) -> None:
    """Remember which pictures of the library the texts show, for their visibility and for "where used"."""
    texts = bodies(piece)
    if not texts:
        return
    shown = set().union(*(html.image_ids(text) for text in texts))
    piece.images.set(Image.objects.filter(pk__in=shown))
    for text in texts:
        images.learn_descriptions(text)


def note_citations(piece: Piece) -> None:
    """Remember which documents the texts cite, for the notice beside them once a document has ended."""
    if hasattr(piece, "documents"):
        citations.note(piece, *bodies(piece))


# Side by side ----------------------------------------------------------------------------------------------------


def differences(model: type[Piece], before: dict, after: dict) -> list[dict]:
    """What changed between two snapshots, field by field in the order of the form: label and lines side by side."""
    found = []
    for name in model.CONTENT:
        old, new = before.get(name), after.get(name)
        if old != new:
            field = _field(model, name)
            before_text, after_text = _as_text(field, old), _as_text(field, new)
            lines = compare_lines(before_text, after_text)
            found.append(
                {
                    "label": str(field.verbose_name),
                    "lines": lines,
                    "is_cut": is_cut(before_text, after_text),
                    "is_layout": not any(line.is_changed for line in lines),
                }
            )
    return found


def _as_text(field, value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if field.is_relation:
        keys = value if isinstance(value, list) else [value]
        rows = field.related_model._default_manager.in_bulk(
            [field.target_field.to_python(key) for key in keys]
        )
        return "\n".join(sorted(str(row) for row in rows.values()))
    if isinstance(field, RichTextField):
        return outline(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)
