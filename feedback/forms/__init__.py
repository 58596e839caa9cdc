from feedback.forms.asking import (
    ASK_STEPS,
    COMPLAINTS,
    OPTIONAL,
    AskerForm,
    ConsentForm,
    ContentForm,
    FilesForm,
    MatterForm,
    StepForm,
    known_of,
    read_draft,
    write_draft,
)
from feedback.forms.attachments import AttachmentsField
from feedback.forms.coordination import ForwardForm, RefuseForm, RouteForm, SplitForm, TopicForm
from feedback.forms.desk import (
    AnswerForm,
    ConfirmForm,
    DuplicateForm,
    PublishForm,
    SignForm,
    draft_of,
)
from feedback.forms.export import ExportForm
from feedback.forms.extension import ExtensionForm
from feedback.forms.following import LookupForm, RatingForm, WordsForm

__all__ = [
    "ASK_STEPS",
    "COMPLAINTS",
    "OPTIONAL",
    "AnswerForm",
    "AskerForm",
    "AttachmentsField",
    "ConfirmForm",
    "ConsentForm",
    "ContentForm",
    "DuplicateForm",
    "ExportForm",
    "ExtensionForm",
    "FilesForm",
    "ForwardForm",
    "LookupForm",
    "MatterForm",
    "PublishForm",
    "RatingForm",
    "RefuseForm",
    "RouteForm",
    "SignForm",
    "SplitForm",
    "StepForm",
    "TopicForm",
    "WordsForm",
    "draft_of",
    "known_of",
    "read_draft",
    "write_draft",
]
