"""OpenSearch, for installations whose index outgrows the database. It is told of changes by the worker, asked with a
short patience, and left alone while it does not answer: the database's own index is always there and always right."""

import logging

from django.conf import settings
from opensearchpy import OpenSearch, helpers
from opensearchpy.exceptions import OpenSearchException, RequestError

from parcai.search.engines.base import Scope
from parcai.search.engines.database import database_engine
from parcai.search.expression import All, Any, Expression, Term
from parcai.search.models import SearchDocument, WaitingChange

logger = logging.getLogger(__name__)
BITE = 500  # changes told at once
SHAPE = {
    "settings": {"index": {"sort.field": "id", "sort.order": "desc"}},  # the newest first, without sorting
    "mappings": {
        "dynamic": False,
        "properties": {
            "id": {"type": "long"},
            "kind": {"type": "keyword"},
            "terms": {"type": "keyword"},
            "shown_until": {"type": "date"},
        },
    },
}


def rendered(expression: Expression) -> dict:
    """The expression as a query without scores."""
    match expression:
        case Term(text, is_prefix):
            return {"prefix" if is_prefix else "term": {"terms": text}}
        case All(parts):
            return {"bool": {"filter": [rendered(part) for part in parts]}}
        case Any(parts):
            return {"bool": {"should": [rendered(part) for part in parts], "minimum_should_match": 1}}
    return {"bool": {"filter": [rendered(expression.wanted)], "must_not": [rendered(expression.unwanted)]}}


class OpenSearchEngine:
    def __init__(self) -> None:
        self.index = settings.OPENSEARCH_INDEX
        self.client = OpenSearch(
            settings.OPENSEARCH_URL,
            timeout=settings.OPENSEARCH_TIMEOUT,
            max_retries=0,
            retry_on_timeout=False,
        )

    def newest(self, expression: Expression, scope: Scope, limit: int, below: int | None = None) -> list[int]:
        asked = {
            "size": limit,
            "_source": False,
            "query": self._query(expression, scope, below),
            "sort": [{"id": "desc"}],
            "track_total_hits": False,
        }
        try:
            found = self.client.search(index=self.index, body=asked)
        except OpenSearchException as error:
            logger.warning("OpenSearch does not answer, the database is asked: %s", type(error).__name__)
            return database_engine().newest(expression, scope, limit, below)
        return [int(hit["_id"]) for hit in found["hits"]["hits"]]

    def counts(
        self, expression: Expression, scope: Scope, kinds: tuple[str, ...], most: int
    ) -> dict[str, int]:
        asked = {
            "size": 0,
            "query": self._query(expression, scope, None),
            "aggs": {"kinds": {"terms": {"field": "kind", "size": 100}}},
            "track_total_hits": False,
        }
        try:
            found = self.client.search(index=self.index, body=asked)
        except OpenSearchException as error:
            logger.warning("OpenSearch does not answer, the database is asked: %s", type(error).__name__)
            return database_engine().counts(expression, scope, kinds, most)
        counted = {each["key"]: each["doc_count"] for each in found["aggregations"]["kinds"]["buckets"]}
        return {kind: min(counted.get(kind, 0), most) for kind in kinds}

    def _query(self, expression: Expression, scope: Scope, below: int | None) -> dict:
        keys = {"gte": scope.lowest, "lt": min(below or scope.below, scope.below)}
        over = {"range": {"shown_until": {"lte": scope.now.isoformat()}}}
        return {
            "bool": {
                "filter": [rendered(scope.narrowed(expression)), {"range": {"id": keys}}],
                "must_not": [over],
            }
        }

    # Being told --------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the index where there is none, and list everything as waiting to be told."""
        try:
            self.client.indices.create(index=self.index, body=SHAPE)
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            return
        keys = SearchDocument.objects.values_list("pk", flat=True).iterator(chunk_size=BITE)
        WaitingChange.objects.bulk_create((WaitingChange(key=key) for key in keys), batch_size=BITE)

    def tell(self) -> int:
        """Tell of waiting changes, the oldest first; what is not taken waits on. Returns how many were told."""
        self.prepare()
        told = 0
        while waiting := list(WaitingChange.objects.order_by("pk")[:BITE]):
            rows = SearchDocument.objects.in_bulk([each.key for each in waiting])
            helpers.bulk(
                self.client,
                (self._action(key, rows.get(key)) for key in {each.key for each in waiting}),
                raise_on_error=False,
            )
            WaitingChange.objects.filter(pk__in=[each.pk for each in waiting]).delete()
            told += len(waiting)
        self.client.indices.refresh(index=self.index)
        return told

    def _action(self, key: int, row: SearchDocument | None) -> dict:
        about = {"_index": self.index, "_id": str(key)}
        if row is None:
            return {**about, "_op_type": "delete"}
        until = row.shown_until.isoformat() if row.shown_until else None
        source = {"id": key, "kind": row.kind, "terms": row.terms.split(" "), "shown_until": until}
        return {**about, "_op_type": "index", "_source": source}
