"""The portal's settings: one file, everything from the environment, defaults that start.

Every name read here is listed in .env.example. `ENVIRONMENT=production` switches the guards on: no default key, no
DEBUG, no wildcard host, HTTPS everywhere.
"""

import base64
import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

# What kind of installation this is -------------------------------------------------------------------------------

ENVIRONMENT = env.str("ENVIRONMENT", default="demonstration")
if ENVIRONMENT not in {"demonstration", "production"}:
    raise ImproperlyConfigured("ENVIRONMENT là 'demonstration' hoặc 'production'.")
PRODUCTION = ENVIRONMENT == "production"
DEMONSTRATION = not PRODUCTION
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="phuyen-demo-113")
# A question sent sooner than this after its first word is asked to be sent once more: programs are that quick.
ASK_LEAST_SECONDS = env.int("ASK_LEAST_SECONDS", default=3)
RATE_LIMITS = not (DEMONSTRATION and env.str("RATE_LIMITS", default="on") == "off")
DEBUG = env.bool("DEBUG", default=False)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def kept_secret(path: Path) -> str:
    """The demonstration's own random key, made once and kept readable for its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", HOST]
)
SITE_URL = env.str("SITE_URL", default="" if PRODUCTION else f"http://127.0.0.1:{PORT}").rstrip("/")

if PRODUCTION:
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure") or len(set(SECRET_KEY)) < 5:
        raise ImproperlyConfigured("SECRET_KEY phải được đặt riêng, ngẫu nhiên, dài từ 50 ký tự.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG không được bật khi vận hành chính thức.")
    if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS phải ghi đúng từng tên miền, không dùng ký tự đại diện.")
    if urlsplit(SITE_URL).scheme != "https":
        raise ImproperlyConfigured("SITE_URL phải là địa chỉ https:// của cổng.")
    if urlsplit(SITE_URL).hostname not in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS phải có tên miền của SITE_URL: thư gửi đi dẫn về đó.")
elif not SECRET_KEY:
    SECRET_KEY = kept_secret(VAR_DIR / "secret_key")

# Personal data in the database is encrypted; the first key writes, all keys read.
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [
    base64.urlsafe_b64encode(hashlib.sha256(f"personal-data:{key}".encode()).digest()).decode()
    for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)
]

# The house -------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "parcai.apps.PortalConfig",
    "parcai.search.apps.SearchConfig",
    "parcai.opendata.apps.OpenDataConfig",
    "agencies",
    "notifications",
    "plan",
    "articles",
    "feedback",
    "indexes",
    "parcai.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "parcai.apps.PortalStaticFilesConfig",
    "django.forms",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "ckeditor",
    "axes",
    "csp",
]
MIDDLEWARE = [
    # Outermost: what every answer carries, also one made before the request reached the rooms further in.
    "parcai.middleware.CompressTextMiddleware",
    "csp.middleware.CSPMiddleware",
    "parcai.middleware.PlayerMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "parcai.middleware.CleanRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parcai.middleware.DatabaseOutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "parcai.middleware.PrivateByDefaultMiddleware",
    "parcai.middleware.FriendlyRefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "parcai.urls"
WSGI_APPLICATION = "parcai.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parcai.context.portal",
            ],
        },
    },
    {
        # Plain text of messages: nothing to escape.
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]
FORM_RENDERER = "parcai.forms.PortalRenderer"

# Database --------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url_config(
        env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'parcai.sqlite3'}"
    )
}
_database = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    # Without this, 310 of 1,200 transactions of four writing processes failed; with it none.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
    _database["TEST"] = {
        "NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")
    }  # a file: threads and workers share it
else:
    _database["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=600)
    _database["CONN_HEALTH_CHECKS"] = True
    _database["TEST"] = {"NAME": f"test_parcai_{os.getpid()}"}
    _statement_ms = env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=10_000)
    _lock_ms = env.int("DATABASE_LOCK_TIMEOUT_MS", default=5_000)
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "connect_timeout": 3,
        "options": f"-c statement_timeout={_statement_ms} -c lock_timeout={_lock_ms} "
        "-c idle_in_transaction_session_timeout=30000",
    }

# Redis, Celery ---------------------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
QUEUE_DIR = VAR_DIR / "queue"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "retry_on_timeout": True,
        "visibility_timeout": 3600,
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "parcai",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    for _folder in ("messages", "control"):
        (QUEUE_DIR / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.05,  # the default of one second is far too slow
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 5000},  # the counts of the API's visitors among them
        }
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_TASK_ALWAYS_EAGER = False

# Mail ------------------------------------------------------------------------------------------------------------

MAIL_LEAVES = bool(env.str("EMAIL_URL", default=""))
if MAIL_LEAVES:
    _mail = env.email_url("EMAIL_URL")
    if _mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        _mail["EMAIL_BACKEND"] = "notifications.mail.WatchedSMTPBackend"
    vars().update(_mail)
else:
    EMAIL_BACKEND = "notifications.mail.OutboxFolderBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "outbox")
EMAIL_TIMEOUT = 10
# Seconds a worker may hold a message before it is heard of again; the lease is renewed while a mail server takes long.
MESSAGE_LEASE = env.int("MESSAGE_LEASE", default=45)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or (
    f"Cải cách hành chính Phú Yên <khong-tra-loi@{urlsplit(SITE_URL).hostname if PRODUCTION else 'localhost'}>"
)
if PRODUCTION and "@localhost" in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL phải là địa chỉ thật của cổng, hoặc để trống.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Short messages (SMS, Zalo) through the province's own gateway; empty: none are sent. notifications/webhook.py
MESSAGE_WEBHOOK_URL = env.str("MESSAGE_WEBHOOK_URL", default="")
MESSAGE_WEBHOOK_SECRET = env.str("MESSAGE_WEBHOOK_SECRET", default="")
if MESSAGE_WEBHOOK_URL and (
    urlsplit(MESSAGE_WEBHOOK_URL).scheme not in {"http", "https"} or len(MESSAGE_WEBHOOK_SECRET) < 32
):
    raise ImproperlyConfigured(
        "MESSAGE_WEBHOOK_URL là địa chỉ http(s):// và cần MESSAGE_WEBHOOK_SECRET từ 32 ký tự."
    )

# Language, time, numbers -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt"))]
LOCALE_PATHS = [BASE_DIR / "parcai" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["parcai.formats"]

# Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]


def media_storage(url: str) -> dict:
    """Django storage settings for `MEDIA_URL`: file:///folder, or s3://key:secret@host/bucket (needs django-storages)."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": parts.path}}
    if parts.scheme == "s3":
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "access_key": parts.username,
                "secret_key": parts.password,
                "endpoint_url": f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
                "bucket_name": parts.path.strip("/"),
                "default_acl": "private",
                "file_overwrite": False,
            },
        }
    raise ImproperlyConfigured("MEDIA_URL bắt đầu bằng file:// hoặc s3://.")


MEDIA_ROOT = (
    VAR_DIR / "media"
)  # never served as a folder: files leave through a view that asks who may see them
STORAGES = {
    "default": media_storage(env.str("MEDIA_URL", default="") or f"file://{MEDIA_ROOT}"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_MAX_AGE = 600
# The longest rich text (200,000 letters, up to 12 bytes each in a form) and all that stands around it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
IMAGE_MAX_BYTES = env.int("IMAGE_MAX_BYTES", default=10 * 1024 * 1024)
IMAGE_MAX_PIXELS = env.int("IMAGE_MAX_PIXELS", default=40_000_000)
FILE_MAX_BYTES = env.int("FILE_MAX_BYTES", default=50 * 1024 * 1024)

# Links --------------------------------------------------------------------------------------------------------

# How many pages have their links looked at each night; addresses of other sites only where it is switched on.
# OpenSearch, for an index that outgrows the database; empty: the database's own.
OPENSEARCH_URL = env.str("OPENSEARCH_URL", default="")
OPENSEARCH_INDEX = env.str("OPENSEARCH_INDEX", default="parcai")
OPENSEARCH_TIMEOUT = env.int("OPENSEARCH_TIMEOUT", default=2)
LINK_CHECK_PAGES = env.int("LINK_CHECK_PAGES", default=2000)
LINK_CHECK_OUTSIDE = env.bool("LINK_CHECK_OUTSIDE", default=False)
LINK_CHECK_OUTSIDE_ADDRESSES = env.int("LINK_CHECK_OUTSIDE_ADDRESSES", default=200)

# Who may enter ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "agencies.auth.OfficialBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # Fourteen characters where no second factor is asked (security grade 3 of state information systems).
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
AXES_ENABLED = RATE_LIMITS
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody can lock a head out from elsewhere
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_CLIENT_IP_CALLABLE = "agencies.services.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # locks end by themselves; `manage.py axes_reset` ends them sooner
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies of ours stand in front

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "parcai.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_COOKIES = HTTPS
if HTTPS:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^khoe/$", r"^san-sang/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-phien"
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# django-ckeditor warns that CKEditor 4 is no longer maintained: docs/decisions/0003-ckeditor.md says why we use it
# and how each known hole is closed.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]
_BUTTONS = [["Format"], ["Bold", "Italic", "RemoveFormat"], ["NumberedList", "BulletedList", "Blockquote"]]
_TOOLS = ["PasteText", "Undo", "Redo", "Maximize", "Source"]
_EDITOR = {
    "language": "vi",
    "skin": "moono-lisa",
    "width": "100%",
    "height": 420,
    "versionCheck": False,
    "entities": False,
    "title": "Khung soạn nội dung",
    "applicationTitle": "Khung soạn nội dung",
    "format_tags": "p;h2;h3;h4",
    "toolbar": [*_BUTTONS, ["Link", "Unlink", "Table"], _TOOLS],
    "disallowedContent": "script style iframe object embed; *[on*]",
    "removePlugins": "exportpdf,scayt,wsc,iframe,flash,forms,codesnippetgeshi,about,elementspath,image",
    "extraPlugins": "divarea",
    "removeDialogTabs": "link:upload;link:advanced;table:advanced;tableProperties:advanced",
    "clipboard_handleImages": False,
}
CKEDITOR_CONFIGS = {
    "default": _EDITOR,
    # Pictures and videos belong to articles only (static/js/editor.js): pictures come from the library and carry a
    # description, a video is a link in a paragraph of its own (parcai/lib/video.py).
    "article": {
        **_EDITOR,
        "toolbar": [*_BUTTONS, ["Link", "Unlink", "Picture", "Video", "Table"], _TOOLS],
        "extraPlugins": "divarea,uploadimage,picture,videolink",
        "imageUploadUrl": "/quan-tri/anh/tai-len/",
        "pictureLibraryUrl": "/quan-tri/anh/thu-vien/",
    },
}

# What the province decides ---------------------------------------------------------------------------------------

PORTAL_NAME = env.str("PORTAL_NAME", default="Cải cách hành chính tỉnh Phú Yên")
PUBLISHER = {
    "agency": env.str("PUBLISHER_AGENCY", default="Sở Nội vụ tỉnh Phú Yên"),
    "responsible": env.str("PUBLISHER_RESPONSIBLE", default=""),
    "address": env.str("PUBLISHER_ADDRESS", default=""),
    "phone": env.str("PUBLISHER_PHONE", default=""),
    "email": env.str("PUBLISHER_EMAIL", default=""),
}
if DEMONSTRATION:
    # Each says that it is made up: nobody shall take it for an official one.
    _made_up = {
        "responsible": "Nguyễn Văn Minh Họa (tên minh họa)",
        "address": "số 113 đường Minh Họa, tỉnh Phú Yên (địa chỉ minh họa)",
        "phone": "0257 000 0113 (số minh họa)",
        "email": "minh-hoa@cchc.example",
    }
    PUBLISHER = {name: value or _made_up.get(name, "") for name, value in PUBLISHER.items()}
# Under which licence open data may be used. What the province has not decided is called so, never made up.
DATA_LICENCE = {
    "name": env.str("DATA_LICENCE_NAME", default=""),
    "url": env.str("DATA_LICENCE_URL", default=""),
}
if not DATA_LICENCE["name"]:
    DATA_LICENCE = {"name": "Giấy phép dữ liệu mở: chưa công bố", "url": ""}
    if DEMONSTRATION:
        DATA_LICENCE = {
            "name": "CC BY 4.0 (ví dụ minh họa, không phải quyết định của tỉnh)",
            "url": "https://creativecommons.org/licenses/by/4.0/deed.vi",
        }
if DATA_LICENCE["url"] and urlsplit(DATA_LICENCE["url"]).scheme not in {"http", "https"}:
    raise ImproperlyConfigured("DATA_LICENCE_URL là địa chỉ http(s)://, hoặc để trống.")
# An hour of the day after which a case counts as received the next day; empty or 24: midnight (BLDS 2015, Điều 148).
_cutoff = env.str("CASE_CUTOFF_HOUR", default="24").strip() or "24"
if not _cutoff.isascii() or not _cutoff.isdigit() or int(_cutoff) > 24:
    raise ImproperlyConfigured(
        "CASE_CUTOFF_HOUR là một giờ trong ngày, từ 0 đến 24 (24 hoặc để trống: không dùng)."
    )
CASE_CUTOFF_HOUR = int(_cutoff)
# How many lists of cases an official may take away within 24 hours.
EXPORTS_A_DAY = env.int("EXPORTS_A_DAY", default=20)
# Days after which nothing tells any more who asked: of cases that were answered, of those that ended without an answer,
# and of messages that left. The law sets no number; the purpose (reopening, complaint about the answer, audit) does.
RETENTION_DAYS = env.int("RETENTION_DAYS", default=730)
RETENTION_UNANSWERED_DAYS = env.int("RETENTION_UNANSWERED_DAYS", default=365)
RETENTION_MESSAGE_DAYS = env.int("RETENTION_MESSAGE_DAYS", default=90)
if min(RETENTION_DAYS, RETENTION_UNANSWERED_DAYS) < 60 or RETENTION_MESSAGE_DAYS < 30:
    raise ImproperlyConfigured(
        "RETENTION_DAYS và RETENTION_UNANSWERED_DAYS từ 60 ngày, RETENTION_MESSAGE_DAYS từ 30 ngày trở lên."
    )
# A head may give a case a later day: how often, and by how many working days each time.
CASE_EXTENSIONS = env.int("CASE_EXTENSIONS", default=2)
CASE_EXTENSION_DAYS = env.int("CASE_EXTENSION_DAYS", default=15)
if not 0 <= CASE_EXTENSIONS <= 9 or not 1 <= CASE_EXTENSION_DAYS <= 120:
    raise ImproperlyConfigured("CASE_EXTENSIONS từ 0 đến 9; CASE_EXTENSION_DAYS từ 1 đến 120 ngày làm việc.")
# Working days after which a claim on which the officer wrote nothing lapses, so that another may take the case over.
CASE_CLAIM_DAYS = env.int("CASE_CLAIM_DAYS", default=3)
if not 1 <= CASE_CLAIM_DAYS <= 30:
    raise ImproperlyConfigured("CASE_CLAIM_DAYS là số ngày làm việc, từ 1 đến 30.")
PLAN_YEAR = env.int("PLAN_YEAR", default=2023)

# Other programs --------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema", "UNAUTHENTICATED_USER": None}
SPECTACULAR_SETTINGS = {
    "TITLE": f"API – {PORTAL_NAME}",
    "DESCRIPTION": "Ai cũng đọc được bằng chương trình những gì mọi người được đọc trên cổng, không cần đăng ký. Hệ thống "
    "khác của tỉnh gửi hồ sơ bằng khóa riêng (intake). Trong phiên bản 1 chỉ thêm, không bớt và không đổi nghĩa; cột sắp "
    "bỏ được báo trước ở tiêu đề Deprecation và Sunset.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": SITE_URL}],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],  # lists of values stand where they are used
}

# Logs: times, levels and request ids, never what a person typed ---------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "parcai": {"level": env.str("LOG_LEVEL", default="INFO")},
    },
}
