from feedback.models.answer import Answer, AnswerQuerySet
from feedback.models.case import Case, CaseQuerySet, new_code, new_pin
from feedback.models.course import CaseEvent, Pause
from feedback.models.datarequest import DataRequest
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
from feedback.models.privacy import CaseReader, OriginalView, Redaction
from feedback.models.reminder import CountedDay, Reminder
from feedback.models.term import Term

__all__ = [
    "Answer",
    "AnswerQuerySet",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseFileQuerySet",
    "CaseQuerySet",
    "CaseReader",
    "CountedDay",
    "DataRequest",
    "Draft",
    "ExportJob",
    "Extension",
    "Figure",
    "Helped",
    "HelpfulVote",
    "OriginalView",
    "OutsideBody",
    "Pause",
    "Redaction",
    "RefusalReason",
    "Reminder",
    "Routing",
    "RoutingRule",
    "Split",
    "Term",
    "new_code",
    "new_pin",
    "phrases",
]
