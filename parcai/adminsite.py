from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("Quản trị cổng Cải cách hành chính")
    site_title = _("Quản trị")
    index_title = _("Việc cần làm")
    enable_nav_sidebar = True

    def login(self, request, extra_context=None):
        """One door for all officials: the portal's own sign-in page."""
        return redirect_to_login(request.get_full_path())
