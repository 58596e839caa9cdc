from articles.models.arrangement import Block, HomeSection, MenuItem, SiteNotice
from articles.models.article import Article, Correction, Rating, Tag, Topic, Voter
from articles.models.base import Piece, PieceQuerySet
from articles.models.citation import CitationReview, CitationScan
from articles.models.document import BINDING, ENDED, Document, DocumentType, Force
from articles.models.editing import Autosave, Comment, Merged, Presence, PreviewLink, Revision
from articles.models.links import LinkFault, ListedPage, OutsideAddress
from articles.models.media import File, Image
from articles.models.page import Page
from articles.models.video import Video

PIECES: tuple[type[Piece], ...] = (Article, Document, Video, Page)  # every kind the board publishes

__all__ = [
    "BINDING",
    "ENDED",
    "PIECES",
    "Article",
    "Autosave",
    "Block",
    "CitationReview",
    "CitationScan",
    "Comment",
    "Correction",
    "Document",
    "DocumentType",
    "File",
    "Force",
    "HomeSection",
    "Image",
    "LinkFault",
    "ListedPage",
    "MenuItem",
    "Merged",
    "OutsideAddress",
    "Page",
    "Piece",
    "PieceQuerySet",
    "Presence",
    "PreviewLink",
    "Rating",
    "Revision",
    "SiteNotice",
    "Tag",
    "Topic",
    "Video",
    "Voter",
]
