from django import template
from django.utils import timezone

from agencies.services import working_days_left
from parcai.lib import html as rich

register = template.Library()


@register.filter
def richtext(html: str):
    """Rich text on a page of the portal, cleaned again on its way out."""
    return rich.show_on_page(html or "")


@register.filter
def richletter(html: str):
    """Rich text in a mail: no box to scroll, nothing to press but links."""
    return rich.show(html or "")


@register.filter
def days_left(due) -> str:
    """How much of a term is left, in words an official reads at a glance."""
    if due is None:
        return ""
    left = working_days_left(due)
    if left > 0:
        return f"còn {left} ngày làm việc"
    return "hết hạn hôm nay" if due == timezone.localdate() else f"quá {max(-left, 1)} ngày làm việc"
