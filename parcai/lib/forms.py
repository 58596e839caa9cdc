"""Form fields for what citizens type: tidied before anything looks at it."""

from django import forms

from parcai.lib.vietnamese import tidy


class LineInput(forms.CharField):
    def to_python(self, value):
        return " ".join(tidy(super().to_python(value) or "").split())


class BlockInput(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value):
        return tidy(super().to_python(value) or "")
