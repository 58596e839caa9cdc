# One image for web, worker, timetable and one-off commands.
FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 VAR_DIR=/srv/var
RUN useradd --system --uid 10113 --home-dir /srv/portal parcai \
    && mkdir -p /srv/portal /srv/var \
    && chown parcai: /srv/var
WORKDIR /srv/portal
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
USER parcai
VOLUME /srv/var
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "parcai.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--blocking-threads", "1", "--backlog", "1024", "--respawn-failed-workers", "--no-ws", "--log-level", "warning"]
