from articles.admin import article, media

__all__ = ["article", "media"]
