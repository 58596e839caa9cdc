"""The steps of a case. Each changes the rows, adds the line of history and queues the messages, all or nothing."""

from feedback.services.answering import (
    claim,
    recall,
    return_to_intake,
    save_draft,
    send_back,
    sign,
    submit_answer,
)
from feedback.services.asker import (
    REOPEN_WITHIN,
    find_by_code,
    may_reopen,
    normal_code,
    rate,
    reopen,
    withdraw,
)
from feedback.services.asking_back import add_information, ask_back, note_information
from feedback.services.attachments import attach, attach_to_draft, check, drop, sweep_files
from feedback.services.clock import DUE_SOON, remind_deadlines
from feedback.services.datarequests import ask_about_data
from feedback.services.due import counted_pauses, due_of, explain, extend, latest_extension, may_extend
from feedback.services.helping import note_helped
from feedback.services.intake import (
    DRAFTS_KEPT,
    accept,
    forget_drafts,
    forward,
    mark_duplicate,
    receive,
    reject,
    route,
    send_draft,
    set_aside,
)
from feedback.services.integrity import altered_answers, verify_history
from feedback.services.publishing import (
    citing_ended,
    confirm_citations,
    proposal_for_public,
    publish,
    unpublish,
)
from feedback.services.steps import (
    PersonalDataError,
    TransitionError,
    coordinators,
    handlers,
    officials_of,
    term,
)

__all__ = [
    "DRAFTS_KEPT",
    "DUE_SOON",
    "REOPEN_WITHIN",
    "PersonalDataError",
    "TransitionError",
    "accept",
    "add_information",
    "altered_answers",
    "ask_about_data",
    "ask_back",
    "attach",
    "attach_to_draft",
    "check",
    "citing_ended",
    "claim",
    "confirm_citations",
    "coordinators",
    "counted_pauses",
    "drop",
    "due_of",
    "explain",
    "extend",
    "find_by_code",
    "forget_drafts",
    "forward",
    "handlers",
    "latest_extension",
    "mark_duplicate",
    "may_extend",
    "may_reopen",
    "normal_code",
    "note_helped",
    "note_information",
    "officials_of",
    "proposal_for_public",
    "publish",
    "rate",
    "recall",
    "receive",
    "reject",
    "remind_deadlines",
    "reopen",
    "return_to_intake",
    "route",
    "save_draft",
    "send_back",
    "send_draft",
    "set_aside",
    "sign",
    "submit_answer",
    "sweep_files",
    "term",
    "unpublish",
    "verify_history",
    "withdraw",
]
