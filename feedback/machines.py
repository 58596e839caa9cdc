"""Cases for other systems: hand one in, read how it stands, hand in a draft answer. See docs/intake-api.md.

The steps, forms and messages are those of the web; a draft always waits for the head, whoever wrote it.
"""

import uuid

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from agencies.machines import HEADERS, IDEMPOTENCY_KEY, ProblemSerializer, Refusal, SignedView
from agencies.models import Agency
from feedback import forms, services
from feedback.models import Case
from feedback.serializers import (
    ASKER_KINDS,
    CaseSerializer,
    DraftAnswerSerializer,
    NewCaseSerializer,
    ReceiptSerializer,
    SubmittedAnswerSerializer,
)
from feedback.timeline import timeline
from parcai.lib import html

SUBMISSIONS = uuid.UUID("5b1c2f7e-61d5-4c39-8f0a-2d7a1d0c9e33")
ELSEWHERE = dict(zip(("complaint", "denunciation"), forms.COMPLAINTS, strict=True))
# What the asker did or wrote is theirs, and what officials do among themselves is no news.
UNTOLD = {"rate", "claim", "citations"}
NOTES_OF_AGENCIES = {"reject", "forward", "set-aside", "ask-back"}
# Fields of the web's forms by the names they have here.
PLACES = {
    "asker_kind": "asker.kind",
    "name": "asker.name",
    "tax_code": "asker.tax_code",
    "email": "asker.email",
    "phone": "asker.phone",
    "address": "asker.address",
    "answer_consent": "consents.answer",
    "publish_consent": "consents.publish",
    "show_name": "consents.show_name",
}
TAGS = ["intake"]
WRONG = dict.fromkeys((400, 401, 403, 429, 503), ProblemSerializer)


class IntakeView(SignedView):
    def case(self, code: str, **scope) -> Case:
        """The case if it is the key's to see; anybody else's looks like none."""
        cases = Case.objects.visible_to(self.key.account).filter(**scope).select_related("agency")
        case = cases.filter(code=services.normal_code(code)).first()
        if case is None:
            raise Http404
        return case


class NewCase(IntakeView):
    scopes = {"POST": "create"}

    @extend_schema(
        operation_id="intake_create",
        summary=gettext_lazy("Gửi một câu hỏi hoặc phản ánh, kiến nghị của người dân"),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, *HEADERS],
        request=NewCaseSerializer,
        responses={
            201: ReceiptSerializer,
            **WRONG,
            **dict.fromkeys((409, 413, 415, 422), ProblemSerializer),
        },
    )
    def post(self, request):
        return self.once(request, lambda: self._receive(request))

    def _receive(self, request) -> dict:
        self._send_elsewhere(request.data.get("kind"))
        asked = NewCaseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        agency = self._asked_agency(data["agency"])
        checked = self._checked(data)
        try:
            case = services.receive(
                kind=data["kind"],
                submission=self._submission(request),
                asked_agency=agency,
                source=data["channel"],
                by=self.key.account,
                shown_by="" if data["hand_out_pin"] else self.key.name,
                **checked,
            )
        except services.TransitionError as error:
            raise Refusal(503, "unavailable", error, wait=1) from error
        return self._receipt(case, with_pin=data["hand_out_pin"])

    def _send_elsewhere(self, kind) -> None:
        """Khiếu nại and tố cáo are no cases: nothing is kept, and the caller hears where they belong."""
        if not isinstance(kind, str) or kind not in ELSEWHERE:
            return
        page = settings.SITE_URL + reverse("feedback:complaint", args=[ELSEWHERE[kind]])
        words = _(
            "Khiếu nại, tố cáo không gửi qua cổng. Hãy hướng dẫn người dân đến Ban Tiếp công dân hoặc cơ quan thanh tra."
        )
        raise Refusal(422, f"{kind}_goes_elsewhere", words, {"kind": [words]}, see=page)

    def _asked_agency(self, code: str) -> Agency | None:
        allowed = Agency.objects.answering()
        own = list(self.key.agencies.all())
        if own:
            allowed = allowed.filter(pk__in=[each.pk for each in own])
        if not code:
            if len(own) > 1:
                raise _invalid("agency", _("Khóa này gửi cho nhiều cơ quan: ghi rõ mã cơ quan."))
            return allowed.first() if own else None
        found = allowed.filter(code=code).first()
        if found is None:
            raise _invalid("agency", _("Không có cơ quan nào mang mã này trong phạm vi của khóa."))
        return found

    def _checked(self, data) -> dict:
        """The words as the web's forms take them. Raises Refusal with the fields they complain about."""
        kind, asker, consents = data["kind"], data["asker"], data["consents"]
        content = forms.ContentForm(
            {"title": data["title"], "text": data["text"], "personal_ok": data["personal_data_confirmed"]},
            kind=kind,
        )
        person = forms.AskerForm({**asker, "asker_kind": ASKER_KINDS[asker["kind"]]}, kind=kind)
        agreed = forms.ConsentForm(
            {
                "answer_consent": consents["answer"],
                "publish_consent": consents["publish"],
                "show_name": consents["show_name"],
            },
            kind=kind,
        )
        errors: dict[str, list] = {}
        for form in (content, person, agreed):
            errors |= {
                PLACES.get(name, name): [_words(each) for each in found]
                for name, found in form.errors.as_data().items()
            }
        if errors:
            is_warning = bool(content.findings) and all(
                error.code == "personal"
                for form in (content, person, agreed)
                for each in form.errors.as_data().values()
                for error in each
            )
            if is_warning:
                words = _(
                    "Nội dung có thông tin riêng tư. Hãy hỏi lại người gửi: bỏ đi, hoặc gửi lại với personal_data_confirmed."
                )
                raise Refusal(400, "personal_data", words, errors)
            raise Refusal(400, "invalid", _("Có trường chưa đúng."), errors)
        what, who, consent = content.cleaned_data, person.cleaned_data, agreed.cleaned_data
        return {
            "title": what["title"],
            "text": what["text"],
            "asker": {
                "kind": who["asker_kind"],
                **{name: who[name] for name in ("name", "tax_code", "email", "phone", "address")},
            },
            "may_publish": consent["publish_consent"],
            "show_name": consent["show_name"],
        }

    def _submission(self, request) -> uuid.UUID:
        """The same call gives the same case also when its kept answer has long been forgotten."""
        call = request.headers["Idempotency-Key"].encode() + b"\n" + request.body
        return uuid.uuid5(SUBMISSIONS, f"{self.key.pk}:{call.hex()}")

    def _receipt(self, case: Case, *, with_pin: bool) -> dict:
        receipt = {
            "code": case.code,
            "kind": case.kind,
            "status": Case.Status.RECEIVED,
            "received_at": timezone.localtime(case.received_at).isoformat(),
            "due_on": case.due_on.isoformat(),
            "term": case.term,
            "url": settings.SITE_URL + reverse("feedback:intake-case", args=[case.code]),
            "status_url": settings.SITE_URL + reverse("feedback:status"),
        }
        return {**receipt, "pin": case.pin} if with_pin else receipt


def _words(error) -> str:
    """What a form says of a field; a warning about personal data without the box of the web page."""
    if error.code == "personal":
        return _("Có thông tin riêng tư (%(pieces)s).") % error.params
    return " ".join(error.messages)


def _invalid(field: str, words: str) -> Refusal:
    return Refusal(400, "invalid", _("Có trường chưa đúng."), {field: [words]})


class OneCase(IntakeView):
    scopes = {"GET": "read"}

    @extend_schema(
        operation_id="intake_read",
        summary=gettext_lazy("Xem tình trạng một hồ sơ"),
        tags=TAGS,
        parameters=HEADERS,
        responses={200: CaseSerializer, **WRONG, 404: ProblemSerializer},
    )
    def get(self, request, code):
        case = self.case(code)
        events = [
            {**event, "note": event["note"] if event["step"] in NOTES_OF_AGENCIES else ""}
            for event in timeline(case)
            if event["step"] not in UNTOLD
        ]
        shown = CaseSerializer(case, context={"timeline": events, "answer": self._answer(case)})
        return Response(shown.data)

    def _answer(self, case):
        """The signed answer goes back the way the question came, and no other way."""
        is_told = case.status == Case.Status.ANSWERED and not case.is_confidential
        if not is_told or not Case.objects.sent_by(self.key.account).filter(pk=case.pk).exists():
            return None
        return case.answers.signed().last()


class NewAnswer(IntakeView):
    scopes = {"POST": "answer"}

    @extend_schema(
        operation_id="intake_answer",
        summary=gettext_lazy("Trình dự thảo trả lời để thủ trưởng ký trên cổng"),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, *HEADERS],
        request=DraftAnswerSerializer,
        responses={
            201: SubmittedAnswerSerializer,
            **WRONG,
            **dict.fromkeys((404, 409, 413, 415, 422), ProblemSerializer),
        },
    )
    def post(self, request, code):
        return self.once(request, lambda: self._submit(request, code))

    def _submit(self, request, code) -> dict:
        account = self.key.account
        case = self.case(code, agency__in=account.agency_scope, is_confidential=False)
        asked = DraftAnswerSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        draft = forms.draft_of(case)
        if draft and draft.drafted_by != account:
            words = _("Cán bộ của cơ quan đang soạn trả lời cho hồ sơ này.")
            raise Refusal(409, "draft_by_official", words)
        try:
            answer = services.submit_answer(
                case,
                by=account,
                body=self._body(data["body"]),
                version=draft.version if draft else 0,
                note=self._note(data.get("document")),
            )
        except services.TransitionError as error:
            raise Refusal(409, "wrong_status", error) from error
        return {
            "code": case.code,
            "status": case.status,
            "status_label": str(case.get_status_display()),
            "round": answer.round,
        }

    def _body(self, text: str) -> str:
        form = forms.AnswerForm({"body": text, "version": 0})
        if not form.is_valid():
            raise Refusal(400, "invalid", _("Có trường chưa đúng."), {"body": list(form.errors["body"])})
        body = html.clean(form.cleaned_data["body"])
        if not html.plain_text(body).strip():
            raise _invalid("body", _("Hãy viết nội dung trả lời."))
        return body

    def _note(self, document) -> str:
        """The paper signed elsewhere, for the head to compare; it takes no signature's place."""
        if document is None:
            return ""
        for name, longest in (("number", 80), ("signer", 120)):
            if not 0 < len(document[name].strip()) <= longest:
                raise _invalid(f"document.{name}", _("Cần 1 đến %d ký tự.") % longest)
        return _(
            "Theo văn bản số %(number)s ngày %(day)s, người ký %(signer)s. Cần đối chiếu trước khi ký."
        ) % {
            "number": " ".join(document["number"].split()),
            "day": f"{document['issued_on']:%d/%m/%Y}",
            "signer": " ".join(document["signer"].split()),
        }
