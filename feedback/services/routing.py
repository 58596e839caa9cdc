"""Routing rules: what they suggest for a case, and what they would have done with past ones."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from articles.models import Topic
from feedback.models import Case, Routing, RoutingRule, phrases
from parcai.lib.vietnamese import fold

DRY_RUN_CASES = 500
DRY_RUN_MOST = 2000
DRY_RUN_SECONDS = 8.0
MISSES_SHOWN = 50


@dataclass(frozen=True)
class Offer:
    """An agency suggested for a case, and why: a rule with the words that hit, like cases, or the asker's own wish."""

    agency: Agency
    source: str
    rule: RoutingRule | None = None
    words: tuple[str, ...] = ()
    cases: int = 0
    instead_of: Agency | None = None  # one that has ended and whose work this one took over, whole or in part
    topic: Topic | None = None

    @property
    def why(self) -> str:
        if self.source == Routing.Source.RULE and self.rule:
            hit = ", ".join(f"“{word}”" for word in self.words)
            text = _("theo quy tắc “%s”") % self.rule
            text += _(", vì có %s") % hit if hit else ""
        elif self.source == Routing.Source.LIKE:
            text = _("đã trả lời %d hồ sơ có nội dung gần giống") % self.cases
        else:
            text = _("người gửi muốn hỏi cơ quan này")
        return text + (_("; kế thừa %s") % self.instead_of if self.instead_of else "")

    def kept(self) -> dict:
        """As it is stored on the case: names as they were that day, and no word of the asker beyond those that hit."""
        return {
            "agency": self.agency.pk,
            "name": self.agency.name,
            "source": str(self.source),
            "rule": self.rule.pk if self.rule else None,
            "words": list(self.words),
            "cases": self.cases,
            "why": self.why,
        }


@dataclass(frozen=True)
class Folded:
    """What rules look at of a case, folded once."""

    text: str
    place: str
    topic: int | None

    @classmethod
    def of(cls, case: Case) -> "Folded":
        text = f" {fold(f'{case.title} {case.text}')} "
        return cls(text, f"{text}{fold(case.asker_address)} ", case.topic_id)


@dataclass(frozen=True)
class Reader:
    """A rule made ready: each phrase with its folded form."""

    rule: RoutingRule
    words: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, rule: RoutingRule) -> "Reader":
        return cls(rule, _folded(rule.words), _folded(rule.place))

    def hits(self, case: Folded) -> tuple[str, ...] | None:
        """The words that hit, none for a rule about a field alone; None when the rule does not fit."""
        if self.rule.topic_id and self.rule.topic_id != case.topic:
            return None
        words = tuple(shown for shown, folded in self.words if folded in case.text)
        places = tuple(shown for shown, folded in self.places if folded in case.place)
        if (self.words and not words) or (self.places and not places):
            return None
        return (*words, *places)


def _folded(text: str) -> tuple[tuple[str, str], ...]:
    try:
        listed = phrases(text)
    except ValueError:  # a quote left open by hands other than the admin's
        listed = []
    return tuple((each, f" {fold(each)} ") for each in listed)


def readers(rules: Iterable[RoutingRule]) -> list[Reader]:
    """Rules in their order; one whose words nobody can read any more fits nothing."""
    made = [Reader.of(rule) for rule in rules]
    return [each for each in made if each.words or each.places or each.rule.topic_id]


def heirs_of(agency: Agency) -> list[Agency]:
    """Who does this agency's work today: itself, its successor, or each part of a body that was divided."""
    today, found, seen, waiting = timezone.localdate(), [], {agency.pk}, [agency]
    while waiting:
        each = waiting.pop(0)
        if each.is_valid_on(today):
            found.append(each)
            continue
        for successor in each.successors.all():
            if successor.pk not in seen:
                seen.add(successor.pk)
                waiting.append(successor)
    return found


def offers_by_rules(case: Case) -> list[Offer]:
    """What the rules in force suggest, in their order."""
    rules = RoutingRule.objects.current().select_related("agency", "sets_topic")
    folded = Folded.of(case)
    found = []
    for reader in readers(rules):
        words = reader.hits(folded)
        if words is None:
            continue
        for heir in heirs_of(reader.rule.agency):
            former = reader.rule.agency if heir != reader.rule.agency else None
            found.append(
                Offer(heir, Routing.Source.RULE, reader.rule, words, 0, former, reader.rule.sets_topic)
            )
    return found


def note_routing(case: Case, offers: Iterable[Offer], agency: Agency, *, by) -> Routing:
    """Keep with the case what was suggested and what was taken."""
    offered = list(offers)
    taken = next((offer for offer in offered if offer.agency == agency), None)
    return Routing.objects.create(
        case=case,
        by=by,
        agency=agency,
        offered=[offer.kept() for offer in offered],
        source=taken.source if taken else Routing.Source.OTHER,
    )


# Trying the rules on past cases ----------------------------------------------------------------------------------


@dataclass
class Tally:
    """For one agency: cases that went there, that the rules would have sent there, and both."""

    agency: Agency
    went: int = 0
    sent: int = 0
    hits: int = 0


@dataclass
class DryRun:
    looked_at: int = 0
    wanted: int = 0
    hits: int = 0
    misses: int = 0
    unmatched: int = 0
    by_agency: list[Tally] = field(default_factory=list)
    by_rule: list[dict] = field(default_factory=list)
    missed: list[dict] = field(default_factory=list)
    is_cut: bool = False

    @property
    def share(self) -> int | None:
        """Of the cases a rule fits, how many of a hundred went where it says."""
        decided = self.hits + self.misses
        return round(100 * self.hits / decided) if decided else None


def dry_run(
    *, many: int = DRY_RUN_CASES, with_inactive: bool = False, seconds: float = DRY_RUN_SECONDS
) -> DryRun:
    """Where the rules would have sent the last cases that reached an agency, against where they really went.

    Reads at most `many` cases and for at most `seconds`; changes nothing.
    """
    many = max(1, min(many, DRY_RUN_MOST))
    rules = RoutingRule.objects.select_related("agency")
    rules = rules if with_inactive else rules.current()
    made = readers(rules)
    heirs: dict[int, list[Agency]] = {}
    tallies: dict[int, Tally] = {}
    cases = (
        Case.objects.filter(agency__isnull=False, is_confidential=False, spam_at=None)
        .select_related("agency")
        .only("code", "title", "text", "asker_address", "topic", "agency")
        .order_by("-pk")[:many]  # by the order of their coming in, from the index alone
    )
    run = DryRun(wanted=many)
    fits: Counter[int] = Counter()
    right: Counter[int] = Counter()

    def today(agency: Agency) -> list[Agency]:
        if agency.pk not in heirs:
            heirs[agency.pk] = heirs_of(agency)
        return heirs[agency.pk]

    def tally(agency: Agency) -> Tally:
        return tallies.setdefault(agency.pk, Tally(agency))

    until = time.monotonic() + seconds
    for case in cases.iterator(chunk_size=100):
        if case.agency is None:  # never: asked for above
            continue
        if time.monotonic() > until:
            run.is_cut = True
            break
        run.looked_at += 1
        went = (today(case.agency) or [case.agency])[0]
        tally(went).went += 1
        folded = Folded.of(case)
        rule = next((each.rule for each in made if each.hits(folded) is not None), None)
        if rule is None:
            run.unmatched += 1
            continue
        sent = today(rule.agency) or [rule.agency]
        fits[rule.pk] += 1
        is_right = went in sent
        target = went if is_right else sent[0]
        tally(target).sent += 1
        if is_right:
            run.hits += 1
            right[rule.pk] += 1
            tally(target).hits += 1
        else:
            run.misses += 1
            if len(run.missed) < MISSES_SHOWN:
                run.missed.append({"code": case.code, "rule": rule, "sent": target, "went": went})
    run.by_agency = sorted(tallies.values(), key=lambda each: (-each.went, -each.sent, each.agency.name))
    run.by_rule = [
        {"rule": each.rule, "fits": fits[each.rule.pk], "right": right[each.rule.pk]} for each in made
    ]
    return run
