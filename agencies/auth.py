from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied

from agencies import services


class OfficialBackend(ModelBackend):
    """Django's own, with four differences: guessing is slowed down, a demonstration account opens nothing elsewhere, a
    machine's account opens nothing anywhere, and rights come by role alone."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if request is None or username is None:
            return super().authenticate(request, username, password, **kwargs)
        address = services.client_address(request)
        if not services.may_sign_in(username, address):
            request.axes_locked_out = True  # axes' middleware then shows the page that says so
            raise PermissionDenied
        user = super().authenticate(request, username, password, **kwargs)
        if user:
            services.signed_in(username, address)
        return user

    def user_can_authenticate(self, user):
        is_person = not user.is_machine and (settings.DEMONSTRATION or not user.is_demonstration)
        return super().user_can_authenticate(user) and is_person

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj, obj=None):
        """None: nobody is given a right by name, so nothing has to be looked up."""
        return set()
