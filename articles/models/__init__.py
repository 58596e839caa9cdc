from articles.models.article import Article, Correction, Rating, Tag, Topic, Voter
from articles.models.base import Piece, PieceQuerySet
from articles.models.editing import Autosave, Comment, Presence, PreviewLink, Revision
from articles.models.media import File, Image

PIECES: tuple[type[Piece], ...] = (Article,)  # every kind the board publishes

__all__ = [
    "PIECES",
    "Article",
    "Autosave",
    "Comment",
    "Correction",
    "File",
    "Image",
    "Piece",
    "PieceQuerySet",
    "Presence",
    "PreviewLink",
    "Rating",
    "Revision",
    "Tag",
    "Topic",
    "Voter",
]
