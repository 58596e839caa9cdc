"""What search engines read beside the words: schema.org data about articles, agencies and the way to a page."""

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise

from articles.models import Article


def publisher() -> dict:
    """Who answers for the portal."""
    return {
        "@type": "GovernmentOrganization",
        "name": settings.PUBLISHER["agency"],
        "url": settings.SITE_URL + "/",
    }


def article(row: Article, *, image: str) -> dict:
    """schema.org NewsArticle of something the public may read; `image` is an absolute address."""
    since = row.publish_at or timezone.now()  # what is published has its hour
    found = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": row.title[:110],
        "description": row.summary,
        "image": [image],
        "datePublished": since.isoformat(),
        "dateModified": (row.revised_at or since).isoformat(),
        "inLanguage": "vi",
        "mainEntityOfPage": settings.SITE_URL + row.get_absolute_url(),
        "author": {"@type": "Organization", "name": row.author_line or str(row.agency)},
        "publisher": publisher(),
    }
    if corrections := [each.text for each in row.corrections.all()]:
        found["correction"] = corrections
    return found


def breadcrumbs(*steps: tuple[str | Promise, str]) -> dict:
    """schema.org BreadcrumbList of (words, path)."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(words), "item": settings.SITE_URL + path}
            for place, (words, path) in enumerate(steps, 1)
        ],
    }


def organization(agency, *, url: str) -> dict:
    """schema.org GovernmentOrganization of an agency, with nothing that is not published."""
    known = {"telephone": agency.phone, "email": agency.email, "address": agency.address}
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "name": agency.name,
        "url": url,
        **{name: value for name, value in known.items() if value},
    }
