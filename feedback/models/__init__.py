from feedback.models.answer import Answer, AnswerQuerySet
from feedback.models.case import Case, CaseQuerySet, new_code, new_pin
from feedback.models.course import CaseEvent, Pause
from feedback.models.datarequest import DataRequest
from feedback.models.delegation import Delegation
from feedback.models.draft import Draft
from feedback.models.export import ExportJob
from feedback.models.extension import Extension
from feedback.models.figure import Figure
from feedback.models.file import CaseFile, CaseFileQuerySet
from feedback.models.helped import Helped
from feedback.models.helpful import HelpfulVote
from feedback.models.intake import (
    OutsideBody,
    RefusalReason,
    Routing,
    RoutingRule,
    Split,
    phrases,
)
from feedback.models.interim import InterimAnswer
from feedback.models.opinion import Opinion
from feedback.models.privacy import CaseReader, OriginalView, Redaction
from feedback.models.reminder import CountedDay, Reminder
from feedback.models.saved import SavedFilter
from feedback.models.template import AnswerTemplate
from feedback.models.term import Term
from feedback.models.version import AnswerVersion

__all__ = [
    "Answer",
    "AnswerQuerySet",
    "AnswerTemplate",
    "AnswerVersion",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseFileQuerySet",
    "CaseQuerySet",
    "CaseReader",
    "CountedDay",
    "DataRequest",
    "Delegation",
    "Draft",
    "ExportJob",
    "Extension",
    "Figure",
    "Helped",
    "HelpfulVote",
    "InterimAnswer",
    "Opinion",
    "OriginalView",
    "OutsideBody",
    "Pause",
    "Redaction",
    "RefusalReason",
    "Reminder",
    "Routing",
    "RoutingRule",
    "SavedFilter",
    "Split",
    "Term",
    "new_code",
    "new_pin",
    "phrases",
]
