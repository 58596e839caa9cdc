"""What is hidden from the public copy of a case, place by place, each with its reason; the copy follows from that."""

import re
from html import escape, unescape

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.roles import Role
from feedback.models import Answer, Case, Redaction
from feedback.services.steps import TransitionError, change, require, require_words
from parcai.lib import html, personal

Field = Redaction.Field


def proposal_for_public(case: Case) -> dict[str, str]:
    """Title, text, answer and name as everybody would read them with what is masked now."""
    return public_copy(case, masks(case))


def signed_answer(case: Case) -> Answer | None:
    return case.answers.signed().last()


def masks(case: Case) -> list[Redaction]:
    """What is hidden: rows where somebody has decided, else what the check proposes (not written yet), in order."""
    answer = signed_answer(case)
    rows = list(case.redactions.select_related("made_by", "removed_by"))
    mine = [row for row in rows if row.answer_id in (None, answer.pk if answer else None)]
    decided = {row.field for row in mine}
    standing = [row for row in mine if row.removed_at is None]
    proposed = [each for each in _proposals(case, answer) if each.field not in decided]
    order = {field: number for number, field in enumerate(Field)}
    return sorted([*standing, *proposed], key=lambda each: (order[Field(each.field)], each.start, each.end))


def _proposals(case: Case, answer: Answer | None) -> list[Redaction]:
    known = case.known_of_asker()
    found: list[tuple[Field, Answer | None, str, tuple[int, int, str]]] = [
        (field, None, text, place)
        for field, text in ((Field.TITLE, case.title), (Field.TEXT, case.text))
        for place in personal.places(text, known)
    ]
    if not case.show_name:
        found.append(
            (Field.NAME, None, case.asker_name, (0, len(case.asker_name), _("người gửi không muốn nêu tên")))
        )
    if answer:
        stream = personal.stream(answer.body)
        found += [
            (Field.ANSWER, answer, stream, place) for place in personal.places_in_html(answer.body, known)
        ]
    return [
        Redaction(
            case=case,
            answer=of,
            field=field,
            start=start,
            end=end,
            words=unescape(text[start:end]) if start < end else _("địa chỉ của đường dẫn"),
            kind=kind,
        )
        for field, of, text, (start, end, kind) in found
    ]


def public_copy(case: Case, standing: list[Redaction]) -> dict[str, str]:
    answer = signed_answer(case)
    spans = spans_by_field(standing)
    return {
        "title": personal.text_without(case.title, spans[Field.TITLE]),
        "text": personal.text_without(case.text, spans[Field.TEXT]),
        "answer": personal.html_without(answer.body, spans[Field.ANSWER]) if answer else "",
        "name": case.asker_name if case.show_name and not spans[Field.NAME] else "",
    }


def spans_by_field(standing: list[Redaction]) -> dict[str, list[tuple[int, int]]]:
    return {field: [(each.start, each.end) for each in standing if each.field == field] for field in Field}


def keep_masks(case: Case) -> None:
    """Write down what is hidden now, so that reasons stay when the check learns more."""
    Redaction.objects.bulk_create([each for each in masks(case) if each.pk is None])


def _open_for_masks(case: Case, by: User) -> Answer:
    require(by, case, Role.COORDINATOR)
    answer = signed_answer(case)
    if answer is None or case.status != Case.Status.ANSWERED or case.anonymised_at:
        raise TransitionError(_("Chỉ che được ở hồ sơ đã có câu trả lời được ký."))
    return answer


@transaction.atomic
def mask(case: Case, *, by: User, field: str, words: str, reason: str, note: str = "") -> int:
    """Hide some words wherever they stand in one part of a case. Returns in how many places they newly are."""
    answer = _open_for_masks(case, by)
    require_words(words, _("Hãy chọn hoặc chép lại những từ cần che."))
    if reason == Redaction.Reason.OTHER:
        require_words(note, _("Hãy ghi rõ lý do khác là gì."))
    sought = words.split()
    if field == Field.ANSWER:
        text, sought = personal.stream(answer.body), [escape(word, quote=False) for word in sought]
    else:
        text = {Field.TITLE: case.title, Field.TEXT: case.text, Field.NAME: case.asker_name}[Field(field)]
    found = list(re.finditer(r"\s*".join(map(re.escape, sought)), text, re.IGNORECASE))
    if not found:
        raise TransitionError(
            _("Không thấy “%(words)s” trong phần %(part)s.")
            % {"words": words, "part": Field(field).label.lower()}
        )
    change(case)  # of two who mask at once the slower one looks again
    keep_masks(case)
    taken = [(row.start, row.end) for row in case.redactions.standing() if row.field == field]
    new = [
        each for each in found if not any(start <= each.start() and each.end() <= end for start, end in taken)
    ]
    if not new:
        raise TransitionError(_("Chỗ này đã được che rồi."))
    Redaction.objects.bulk_create(
        Redaction(
            case=case,
            answer=answer if field == Field.ANSWER else None,
            field=field,
            start=each.start(),
            end=each.end(),
            words=unescape(each[0]) if field == Field.ANSWER else each[0],
            reason=reason,
            note=note,
            made_by=by,
        )
        for each in new
    )
    return len(new)


@transaction.atomic
def unmask(case: Case, *, by: User, place: str, why: str) -> None:
    """Show a place again, with a reason; the row stays and says who."""
    _open_for_masks(case, by)
    require_words(why, _("Hãy ghi vì sao không cần che chỗ này."))
    change(case)
    keep_masks(case)
    chosen = [each for each in masks(case) if each.place == place]
    if not chosen:
        raise TransitionError(_("Chỗ che này không còn."))
    if chosen[0].field == Field.NAME and not case.show_name:
        raise TransitionError(_("Người gửi không đồng ý nêu tên."))
    Redaction.objects.filter(pk=chosen[0].pk, removed_at=None).update(
        removed_by=by, removed_at=timezone.now(), removed_why=why[:200]
    )


def drop_masks(case: Case, *fields: str) -> None:
    """The words below have changed: their places say nothing any more, the check proposes anew."""
    case.redactions.filter(field__in=fields).delete()


def marked(case: Case, standing: list[Redaction]) -> dict:
    """The original with what is hidden marked, for the one who decides: pieces of text, and rich text."""
    answer = signed_answer(case)
    spans = spans_by_field(standing)
    return {
        "title": _segments(case.title, spans[Field.TITLE]),
        "text": _segments(case.text, spans[Field.TEXT]),
        "answer": html.with_marks(answer.body, personal.merged(spans[Field.ANSWER])) if answer else "",
    }


def _segments(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text cut into pieces, each with whether it is hidden."""
    found, at = [], 0
    for start, end in personal.merged(spans):
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, is_hidden) for piece, is_hidden in (*found, (text[at:], False)) if piece]
