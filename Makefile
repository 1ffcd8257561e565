# Two commands matter: make run, make test. Each sets up whatever is missing.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: run test check fmt lock bench fuzz messages clean

run: $(VENV)/.installed
	@PORT=$(PORT) exec $(BIN)/python -m config.run

# Two test processes with a thread each: with more they wait for each other at every product of matrices.
test: $(VENV)/.installed-dev .debian
	@$(BIN)/python manage.py weights
	@$(BIN)/python -m config.messages
	OMP_NUM_THREADS=1 TORCH_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m tests.production_check

fmt: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Newest versions that fit pyproject.toml. Index addresses and CUDA packages stay out: where torch needs the
# latter it brings them itself.
lock: $(VENV)/.installed-dev
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --no-annotate --no-header --no-emit-index-url --python-version 3.11 pyproject.toml | sed -E '/^(nvidia-|cuda-|triton)/d; s/\+cpu$$//' > requirements.txt
	$(BIN)/uv pip compile -q --no-annotate --no-header --no-emit-index-url --python-version 3.11 --extra dev -c requirements.txt pyproject.toml | sed -E '/^(nvidia-|cuda-|triton)/d; s/\+cpu$$//' > requirements-dev.txt

messages: $(VENV)/.installed
	$(BIN)/python manage.py makemessages --locale=ko --no-obsolete --no-wrap --add-location=file --ignore=.venv --ignore=var --ignore=tests
	sed -i '/^"POT-Creation-Date/d' locale/ko/LC_MESSAGES/django.po
	$(BIN)/python -m config.messages

# Longer than in make test: damaged files of every format, for ten minutes.
fuzz: $(VENV)/.installed-dev
	VERNISSAGE_FUZZ_SECONDS=600 $(BIN)/python -m pytest tests/moderation/provenance/test_fuzz.py --timeout 1200

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing; Vernissage needs Python 3.11 (make PYTHON=…)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made: install python3.11-venv, or look whether the disk is full."; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing the requirements (a few minutes the first time) …"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt || { echo "The requirements could not be installed: is the package index reachable, and is there room on the disk?"; exit 1; }
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing the requirements for tests and checks …"
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt || { echo "The requirements could not be installed: is the package index reachable, and is there room on the disk?"; exit 1; }
	@touch $@ $(VENV)/.installed

# Tests drive Debian's Chromium, and run the containers' start commands against Debian's servers. What cannot be
# had is said here, and those tests are skipped. RUNLEVEL=1 keeps the packages from starting services of their own.
.PHONY: .debian
.debian:
	@lacking() { \
	  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || printf ' chromium'; \
	  fc-list :lang=ko 2>/dev/null | grep -q . || printf ' fonts-noto-cjk'; \
	  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || printf ' postgresql'; \
	  command -v redis-server >/dev/null || printf ' redis-server'; \
	}; \
	packages=$$(lacking); \
	if [ -n "$$packages" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's$$packages for the tests …"; \
	  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; \
	  apt-get update -qq >/dev/null 2>&1; \
	  for package in $$packages; do apt-get install -y -qq --no-install-recommends $$package fontconfig >/dev/null 2>&1; done; \
	  packages=$$(lacking); \
	fi; \
	if [ -n "$$packages" ]; then echo "Not here:$$packages. The tests that need them are skipped, and say so."; fi

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .hypothesis
