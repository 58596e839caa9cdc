"""Two who save or delete at once: the database refuses the second, and its page then says why."""

from typing import TYPE_CHECKING

from django.db import IntegrityError

if TYPE_CHECKING:
    from django.contrib.admin.options import ModelAdmin as _Admin
else:
    _Admin = object  # the admin itself cannot be imported while models load


class SavedAmongOthers(_Admin):
    """For every ModelAdmin: what the database refused is looked at once more.

    The checks of the form ran before somebody else's row was there. Now they find it, say so beside the field, and
    what was typed stands in the form as before.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        look = super().changeform_view
        try:
            return look(request, object_id, form_url, extra_context)
        except IntegrityError:
            return look(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        look = super().delete_view
        try:
            return look(request, object_id, extra_context)
        except IntegrityError:
            return look(request, object_id, extra_context)
