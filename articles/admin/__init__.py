from articles.admin import arrangement, article, document, links, media, page, video

__all__ = ["arrangement", "article", "document", "links", "media", "page", "video"]
