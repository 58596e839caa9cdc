from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class OfficialBackend(ModelBackend):
    """Django's own, but a demonstration account opens nothing outside the demonstration."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and (settings.DEMONSTRATION or not user.is_demonstration)

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return user if user and self.user_can_authenticate(user) else None
