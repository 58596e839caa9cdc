import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcai.settings")


class CarefulRequest(WSGIRequest):
    """Survives a Content-Type that cannot be read: Django would raise before any middleware could answer.

    Its encoding is then one that `parcai.middleware.CleanRequestMiddleware` refuses with a page.
    """

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # not in the stubs
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {"charset": "unreadable"}


application = get_wsgi_application()
application.request_class = CarefulRequest
