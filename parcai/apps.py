from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _

from parcai.lib import lookups

UNUSED_EDITOR_PLUGINS = (
    "a11yhelp about adobeair ajax autoembed autogrow autolink bbcode codesnippet codesnippetgeshi devtools docprops "
    "easyimage embed embedbase embedsemantic emoji exportpdf find flash forms iframe iframedialog image2 language "
    "magicline mathjax mentions newpage pagebreak placeholder preview print scayt "
    "sharedspace showblocks smiley sourcedialog specialchar stylesheetparser tableresize tabletools templates "
    "textmatch textwatcher uicolor uploadfile wsc xml"
).split()


class PortalConfig(AppConfig):
    name = "parcai"
    verbose_name = _("Cổng thông tin")

    def ready(self):
        lookups.register()


class PortalStaticFilesConfig(StaticFilesConfig):
    """Leaves out what the editor ships and nobody loads; its export plugin even carries test pages."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "ckeditor/ckeditor/samples/*",
        *(f"ckeditor/ckeditor/plugins/{name}/*" for name in UNUSED_EDITOR_PLUGINS),
    ]


class PortalAdminConfig(AdminConfig):
    default_site = "parcai.adminsite.PortalAdminSite"
