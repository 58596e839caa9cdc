# Everything the portal can do from a fresh clone. Settings come from the environment; .env.example lists them.
SHELL := /bin/bash
export VAR_DIR ?= $(CURDIR)/var
export VENV ?= $(CURDIR)/.venv
export HOST ?= 127.0.0.1
export PORT ?= 8000
export WEB_WORKERS ?= 2
PYTHON ?= python3.11
BIN := $(VENV)/bin

.PHONY: help run prepare venv venv-dev test test-services test-browser check bench translations clean

help:
	@echo "make run            cài đặt và chạy cả cổng tại http://$(HOST):$(PORT)/"
	@echo "make test           toàn bộ bài kiểm trên cấu hình mặc định"
	@echo "make test-services  cùng bài kiểm trên PostgreSQL và Redis, với tiến trình nền thật"
	@echo "make test-browser   các hành trình trong Chromium"
	@echo "make check          kiểm tra mã, kiểu, thứ tự import, mẫu trang, migration"
	@echo "make bench          đo tốc độ và bộ nhớ"

# A stamp per locked set: an unchanged set costs nothing on the next start.
$(VENV)/.stamp-run: requirements.txt
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "Máy thiếu Python 3.11 có venv: cài gói python3.11 và python3-venv rồi chạy lại."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Đang cài các thư viện…"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt $(VENV)/.stamp-run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

venv: $(VENV)/.stamp-run
venv-dev: $(VENV)/.stamp-dev

prepare: venv
	@$(BIN)/python manage.py prepare

run: venv
	@exec $(BIN)/python deploy/run.py

test: venv-dev
	@$(BIN)/python -m pytest -m "not browser and not services" -n auto

# Making and dropping the databases of tests are statements too, and slow ones on a busy disk.
test-services: venv-dev
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/test} REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/9} \
		DATABASE_STATEMENT_TIMEOUT_MS=$${DATABASE_STATEMENT_TIMEOUT_MS:-60000} \
		$(BIN)/python -m pytest -m "not browser" -n auto

# TESTS names some of them; DATABASE_URL and REDIS_URL choose where they run.
test-browser: venv-dev
	@$(BIN)/python -m pytest -m browser -n auto $(TESTS)

check: venv-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy .
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/deptry .
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check --fail-level WARNING
	@ENVIRONMENT=production SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") \
		ALLOWED_HOSTS=cchc.example.vn SITE_URL=https://cchc.example.vn $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python bench/check_sources.py

bench: venv-dev
	@$(BIN)/python bench/articles.py
	@$(BIN)/python bench/search.py
	@$(BIN)/python bench/cases.py
	@$(BIN)/python bench/idempotency.py
	@$(BIN)/python bench/run.py

translations: venv-dev
	@$(BIN)/python -c "import pathlib, polib; [polib.pofile(str(p)).save_as_mofile(str(p.with_suffix('.mo'))) for p in pathlib.Path('parcai/locale').rglob('*.po')]"

clean:
	@rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
