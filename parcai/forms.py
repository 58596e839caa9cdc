from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Every form field of the portal is drawn by one component: label, help, error beside the field."""

    field_template_name = "components/field.html"
