# make demo: install, build the graph, ask it. make test: the whole gate. Everything goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export KG_STORE ?= $(CURDIR)/.store
TEXTS := $(firstword $(wildcard $(KG_TEXTS) ../shared/sources))

.PHONY: demo test lint types contract unit system bench clean

demo: $(VENV)/demo
	$(BIN)/kg build
	$(BIN)/kg ask "which mechanisms weaken state monopoly?" -f table

$(VENV)/demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

test: lint types contract unit

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test
	$(BIN)/mypy

contract: $(VENV)/test
	$(BIN)/lint-imports

unit: $(VENV)/test
	KG_TEXTS=$(TEXTS) $(BIN)/pytest

bench: $(VENV)/test
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .store
