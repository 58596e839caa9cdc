"""The field that takes several files at once; `cleaned_data` holds what the steps keep."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.services import attachments


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class AttachmentsField(forms.FileField):
    """Up to five pictures or documents, each checked by its content: a list of `attachments.Checked`."""

    widget = SeveralFiles

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Tệp kèm theo"))
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "help_text",
            _(
                "Ảnh JPEG, PNG, WebP; tệp PDF, Word, Excel, PowerPoint, ODF. Tối đa 5 tệp, mỗi tệp 10 MB. "
                "Vị trí chụp trong ảnh được xóa."
            ),
        )
        super().__init__(allow_empty_file=True, **kwargs)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in attachments.ENDINGS)

    def clean(self, data, initial=None):
        checked, problems = self.sort(data)
        if problems:
            raise ValidationError([ValidationError(problem, code="file") for problem in problems])
        if self.required and not checked:
            raise ValidationError(_("Hãy chọn tệp."), code="required")
        return checked

    def sort(self, data) -> tuple[list[attachments.Checked], list[str]]:
        """What may be kept, and in words what is wrong with the others."""
        uploads = [each for each in (data if isinstance(data, list) else [data]) if each is not None]
        if len(uploads) > attachments.MOST_FILES:
            return [], [str(_("Mỗi lần kèm được tối đa %d tệp.") % attachments.MOST_FILES)]
        checked, problems = [], []
        for upload in uploads:
            try:
                checked.append(attachments.check(upload))
            except ValidationError as error:
                problems += [f"{shown_name(upload.name)}: {message}" for message in error.messages]
        return checked, problems


class SortedFiles(AttachmentsField):
    """Cleans to what may be kept and what was wrong with the others."""

    def clean(self, data, initial=None):
        return self.sort(data)


def shown_name(name: str) -> str:
    """How a refused file is called in an error."""
    ending = name.rsplit(".", 1)[-1][:8] if "." in name else "?"
    return attachments.files.tidy_name(name, ending)[:80] if "." in name else name[:80]
