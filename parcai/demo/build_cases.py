import json
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from agencies import services as calendar
from agencies.models import Agency
from feedback import notice, services
from feedback.models import Case, OutsideBody, RefusalReason
from notifications.models import Message
from parcai.demo.build_coordination import fields_of_cases, make_coordination
from parcai.demo.clock import at
from parcai.demo.papers import made_up_attachments, made_up_tax_code
from parcai.demo.people import officer_and_head
from parcai.lib import workdays
from plan.models import Campaign

FOLDER = Path(__file__).parent / "cases"
NAMESPACE = uuid.UUID("6f7d2c1e-1113-4a5c-9b0e-202305150113")
UNTOUCHED = {"received", "withdrawn"}
ROUTED = {"assigned", "due_soon", "overdue", "drafted", "answered", "published", "reopened"}
ANSWERED = {"answered", "published", "reopened"}


def make_cases(people: dict) -> int:
    """All cases of the demonstration, each led to its state by the portal's own steps at pretended moments."""
    agencies = {agency.code: agency for agency in Agency.objects.filter(code__startswith="PY-")}
    campaigns = {campaign.number: campaign for campaign in Campaign.objects.filter(plan__year=2023)}
    make_coordination()
    fields = fields_of_cases()
    stories = [
        {**story, "field": fields[path.stem]}
        for path in sorted(FOLDER.glob("*.json"))
        for story in json.loads(path.read_text(encoding="utf-8"))
    ]
    made, days = 0, calendar.work_calendar(date(2023, 1, 1))
    # Published ones first, because duplicates point at them.
    for story in sorted(stories, key=lambda each: each["state"] == "duplicate"):
        key = key_of(story)
        if not Case.objects.filter(submission=key).exists():
            _Story(story, key, agencies, campaigns, people, days).play()
            made += 1
    if made:
        _ask_about_data()
    _read_old_messages()
    return made


def _ask_about_data() -> None:
    """Two askers want something done with their data."""
    answered = Case.objects.filter(status=Case.Status.ANSWERED, data_requests=None).order_by("pk")
    for case, kind, note in zip(
        answered.filter(published_at=None)[:2],
        ("access", "correct"),
        ("", "Tên tôi bị ghi thiếu dấu, xin sửa giúp."),
        strict=False,
    ):
        services.ask_about_data(case, kind=kind, note=note)


def key_of(story: dict) -> uuid.UUID:
    """The same story is the same case, whenever the demonstration is built."""
    return uuid.uuid5(NAMESPACE, story["title"] + story["text"])


def _read_old_messages() -> None:
    """Officials of the demonstration have read what is older than a few days."""
    old = Message.objects.filter(
        channel=Message.Channel.IN_APP, created_at__lt=timezone.now() - timedelta(days=5)
    )
    old.filter(read_at=None).update(read_at=timezone.now())


class _Story:
    """One case's life. Every step happens some hours after the one before, never in the future."""

    def __init__(self, story, key, agencies, campaigns, people, days):
        self.story, self.key, self.people, self.calendar = story, key, people, days
        self.state = story["state"]
        self.agency = agencies[story["agency"]]
        self.asked = agencies[story["asked_agency"]] if story["asked_agency"] else None
        self.campaign = campaigns[story["campaign"]]
        self.now = timezone.now()
        self.moment = self._beginning()

    def _beginning(self) -> datetime:
        local = timezone.localtime(self.now)
        days = self.story["days_ago"]
        if self.state == "due_soon":
            start = self._received_for_due_on(calendar.due_on(self.now, 1))
        else:
            start = local.date() - timedelta(days=days)
        hour = 8 + self.key.int % 8
        moment = local.replace(
            year=start.year,
            month=start.month,
            day=start.day,
            hour=hour,
            minute=self.key.int % 60,
            second=0,
            microsecond=0,
        )
        return min(moment, local - timedelta(hours=2))

    def _received_for_due_on(self, due):
        """The day of receipt whose term of 15 working days ends on `due`."""
        day = due
        while workdays.add_working_days(day, 15, self.calendar) > due:
            day -= timedelta(days=1)
        return day

    def _later(self, hours: float) -> datetime:
        """Some hours on, in office hours of a working day, but never in the future."""
        moment = timezone.localtime(self.moment + timedelta(hours=hours))
        if not 8 <= moment.hour < 17:
            moment = moment.replace(hour=9) + timedelta(days=moment.hour >= 17)
        while not workdays.is_working_day(moment.date(), self.calendar):
            moment += timedelta(days=1)
        self.moment = min(moment, self.now - timedelta(minutes=2))
        return self.moment

    def _case(self) -> Case:
        return Case.objects.get(submission=self.key)

    def play(self) -> None:
        self._receive()
        if self.state in UNTOUCHED:
            if self.state == "withdrawn":
                with at(self._later(20)):
                    services.withdraw(self._case())
            return
        coordinator = self.people["dieuphoi"]
        note = self.story.get("note") or ""
        with at(self._later(3)):
            if self.state == "rejected":
                reason = RefusalReason.objects.filter(name=self.story.get("refusal", "")).first()
                services.reject(self._case(), by=coordinator, note=note, reason=reason)
                return
            services.accept(self._case(), by=coordinator)
        with at(self._later(4)):
            if self.state == "forwarded":
                name = self.story["forwarded_to"]
                body = OutsideBody.objects.filter(name=name).first() or name
                services.forward(self._case(), by=coordinator, body=body, note=note)
            elif self.state == "needs_info":
                services.ask_back(self._case(), by=coordinator, note=note)
            elif self.state == "duplicate":
                original = Case.objects.get(title=self.story["duplicate_of"])
                services.mark_duplicate(self._case(), by=coordinator, of=original)
            elif self.state in ROUTED:
                case = self._case()
                services.route(
                    case,
                    by=coordinator,
                    agency=self.agency,
                    campaign=self.campaign,
                    topic=self.story["field"],
                    offers=services.offers_by_rules(case),
                )
        if self.state in ROUTED:
            self._answer()

    def _receive(self) -> None:
        story = self.story
        is_business = story["asker_kind"] == Case.AskerKind.BUSINESS
        code = made_up_tax_code(self.key.int) if is_business else ""
        with at(self.moment):
            case = services.receive(
                kind=story["kind"],
                title=story["title"],
                text=story["text"],
                asker={
                    "kind": story["asker_kind"],
                    "name": story["asker_name"],
                    "tax_code": code,
                    "address": "Tỉnh Phú Yên",
                },
                submission=self.key,
                asked_agency=self.asked,
                may_publish=self.state != "answered",
                show_name=story["show_name"],
                **self._door(),
                notice_version=notice.VERSION,
            )
            if self.key.int % 5 == 0:
                papers = made_up_attachments(self.key.int // 5)
                services.attach(case, [services.check(each) for each in papers])

    def _door(self) -> dict:
        """Some came to the counter or telephoned, and the coordinator typed for them."""
        doors = {0: Case.Source.COUNTER, 1: Case.Source.PHONE}
        door = doors.get(self.key.int % 12)
        if door is None:
            return {}
        return {"source": door, "by": self.people["dieuphoi"], "note": "Người gửi đồng ý bằng lời."}

    def _answer(self) -> None:
        officer, head = officer_and_head(self.agency, self.people)
        with at(self._later(20)):
            if self.key.int % 3:
                services.claim(self._case(), by=officer)
        if not self.story["answer"]:
            return
        days = 26 if self.key.int % 11 == 0 else 2 + self.key.int % 14  # some agencies are late
        with at(self._later(24 * days)):
            services.submit_answer(self._case(), by=officer, body=self.story["answer"], version=0)
        if self.state not in ANSWERED:
            return
        with at(self._later(20)):
            services.sign(self._case(), by=head, version=1)
        if self.state == "published":
            self._publish()
        if self.state != "reopened" and self.story.get("rating"):
            with at(self._later(30)):
                comment = self.story.get("rating_comment") or ""
                services.rate(self._case(), rating=self.story["rating"], comment=comment)
        if self.state == "reopened":
            with at(self._later(48)):
                services.reopen(self._case(), note=self.story["note"])

    def _publish(self) -> None:
        case = self._case()
        proposal = services.proposal_for_public(case)
        with at(self._later(5)):
            services.publish(
                case,
                by=self.people["dieuphoi"],
                title=self.story.get("public_title") or proposal["title"],
                text=self.story.get("public_text") or proposal["text"],
                answer=proposal["answer"],
                name=proposal["name"],
            )
