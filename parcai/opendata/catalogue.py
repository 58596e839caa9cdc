"""What machines read about the data sets: a DCAT catalogue, and schema.org data for search engines."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from articles import structured
from parcai.opendata import dataset
from parcai.records import KINDS, Kind
from parcai.records.kinds import absolute

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGE = {"@id": "http://publications.europa.eu/resource/authority/language/VIE"}
CONTINUAL = {"@id": "http://publications.europa.eu/resource/authority/frequency/CONT"}
MEDIA = "http://www.iana.org/assignments/media-types/"


def _words(text) -> dict:
    return {"@value": str(text), "@language": "vi"}


def _moment(moment) -> dict:
    return {"@value": moment.isoformat(), "@type": "xsd:dateTime"}


def _licence() -> dict:
    licence = settings.DATA_LICENCE
    found = {"@type": "dct:LicenseDocument", "dct:title": _words(licence["name"])}
    return {"@id": licence["url"], **found} if licence["url"] else found


def _publisher() -> dict:
    return {
        "@id": settings.SITE_URL + "/",
        "@type": "foaf:Agent",
        "foaf:name": _words(settings.PUBLISHER["agency"]),
        "foaf:homepage": {"@id": settings.SITE_URL + "/"},
    }


def _media(ending: str) -> str:
    return dataset.FORMATS[ending].split(";")[0]


def dcat(summaries: dict[str, dict]) -> dict:
    """The catalogue of all data sets; `summaries` by name of the kind."""
    moments = [each["changed"] for each in summaries.values() if each["changed"]]
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": absolute(reverse("open-data")),
        "@type": "dcat:Catalog",
        "dct:title": _words(f"Dữ liệu mở – {settings.PORTAL_NAME}"),
        "dct:description": _words("Các bộ dữ liệu mà ai cũng được đọc trên cổng."),
        "dct:language": LANGUAGE,
        "dct:publisher": _publisher(),
        "dct:license": _licence(),
        "foaf:homepage": {"@id": absolute(reverse("open-data"))},
        "dcat:dataset": [_dcat_set(kind, summaries[kind.name]["changed"]) for kind in KINDS],
    }
    return found | ({"dct:modified": _moment(max(moments))} if moments else {})


def _dcat_set(kind: Kind, changed) -> dict:
    page = absolute(dataset.page_of(kind))
    found = {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": kind.name,
        "dct:title": _words(kind.many),
        "dct:description": _words(kind.says),
        "dct:language": LANGUAGE,
        "dct:publisher": _publisher(),
        "dct:license": _licence(),
        "dct:accrualPeriodicity": CONTINUAL,
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_dcat_file(kind, ending) for ending in dataset.FORMATS],
    }
    return found | ({"dct:modified": _moment(changed)} if changed else {})


def _dcat_file(kind: Kind, ending: str) -> dict:
    address = {"@id": absolute(dataset.file_of(kind, ending))}
    return {
        "@id": f"{address['@id']}#tep",
        "@type": "dcat:Distribution",
        "dct:title": _words(f"{kind.many} ({ending.upper()})"),
        "dct:license": _licence(),
        "dcat:accessURL": {"@id": absolute(dataset.page_of(kind))},
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": MEDIA + _media(ending)},
    }


def schema_org(kind: Kind, changed) -> dict:
    """schema.org Dataset of one kind."""
    licence = settings.DATA_LICENCE
    found = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": str(kind.many),
        "description": str(kind.says),
        "url": absolute(dataset.page_of(kind)),
        "inLanguage": "vi",
        "isAccessibleForFree": True,
        "license": licence["url"] or licence["name"],
        "creator": structured.publisher(),
        "publisher": structured.publisher(),
        "variableMeasured": [column.name for column in kind.columns],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": _media(ending),
                "contentUrl": absolute(dataset.file_of(kind, ending)),
            }
            for ending in dataset.FORMATS
        ],
    }
    return found | ({"dateModified": changed.isoformat()} if changed else {})
