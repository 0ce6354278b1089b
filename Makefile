# make lab, make test and the rest; `make` alone lists them. Windows: see README.md.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14 python,\
	$(if $(shell $(name) -c 'import sys; print(*[1] * (sys.version_info >= (3, 11)))' 2>/dev/null),$(name))))
UV := $(shell command -v uv 2>/dev/null)
NPM := $(shell command -v npm 2>/dev/null)
BIN := .venv/bin
DIST := dist

ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

# Nobody asked for news, and the lab must work without a network. Lab asks about news until it is told not to.
QUIET := --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate
OVERRIDES := .venv/share/jupyter/lab/settings/overrides.json

# A panel whose kernel is gone is shown as the picture that was saved of it; a telephone shows the notebook.
NARROW := "--LabApp.extra_labextensions_path=$(CURDIR)/irl_helpers/labextensions"
FILES := --ServerApp.contents_manager_class=irl_helpers.notebook_files.NotebookFiles

PAGE := $(BIN)/python -m irl_helpers.kernel_sockets irl_helpers.page_server

INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,\
	$(BIN)/python -m pip install --quiet --disable-pip-version-check)

# What tests need in addition to the environment, each in its own ignored folder: packages for Node, if npm is
# here, and Stripe clients older than ours. `make bench` compares with a neighbour.
NODE := $(if $(NPM),$(patsubst %/package.json,%/node_modules/.installed,$(wildcard tests/*/package.json workshop/package.json)))
OLD_CLIENTS := $(patsubst tests/clients/%.txt,tests/clients/.python/%/.installed,$(wildcard tests/clients/*.txt))
NEIGHBOUR := tests/bench/.python/localstripe/.installed

# Tests that start browsers and hubs run at the same time as the others: most machines have two cores.
# The notebooks, and what tests do with them, come after those others: so both halves take about as long.
STARTERS := tests/browser tests/lite tests/workshop
NOTEBOOKS := notebooks tests/notebooks

# The attacks, with all their counts, in two halves of about the same length: most machines have two cores.
SOAK := tests/simulator/test_fuzz.py tests/simulator/test_state.py tests/simulator/test_damaged_files.py \
	tests/simulator/test_file_trouble.py tests/test_cashier.py
SOAK_TOO := tests/simulator/test_together.py tests/simulator/test_growth.py tests/simulator/test_memory.py \
	tests/notebooks/test_served.py

.PHONY: help lab pos reader counter lite lite-serve serve check-setup test soak bench workshop workshop-stop workshop-reset bench-room lint refresh screenshot clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

lab: .venv/.lab ## JupyterLab, opened at the first notebook (ARGS="--no-browser --port 8899")
	$(BIN)/python -m irl_helpers.kernel_sockets jupyterlab $(ROOT) $(QUIET) $(FILES) $(NARROW) --LabApp.default_url=/lab/tree/notebooks/01_setup.ipynb $(ARGS)

pos: .venv/.pos ## the point of sale as a web page (ARGS="--no-browser --port 8866")
	$(PAGE) notebooks/point_of_sale.ipynb $(ARGS)

reader: .venv/.pos ## only that page: the reader, and all that happens in the account
	$(PAGE) notebooks/reader.ipynb $(ARGS)

counter: .venv/.pos ## for your own application: the served simulator, and a page with its reader (ARGS="--port 12111 --page-port 8866")
	$(BIN)/python -m irl_helpers.counter_server $(ARGS)

check-setup: .venv/.lab ## is this machine ready: one line per point, with the fix
	@$(BIN)/python -m irl_helpers.checkup

lite: lite/.python/.installed lite/.packages/.installed lite/node_modules/.installed ## the notebooks as static files, with their Python in the browser: dist/ (ARGS=--edited: with your edits)
	lite/.python/bin/python -m lite $(DIST) $(ARGS)

lite-serve: .venv/.lite ## serve what `make lite` built; to a room full of learners: ARGS="--room"
	@$(BIN)/python -m lite.serve $(ARGS)

serve: .venv/.lab ## the simulator over HTTP, for curl and other programs (ARGS="--port 12111 --account FILE --seed FILE")
	$(BIN)/python -m irl_helpers.serve $(ARGS)

test: .venv/.test $(NODE) $(OLD_CLIENTS) ## every test and every notebook, offline (ARGS="-x tests/test_project.py")
ifneq ($(ARGS),)
	$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest $(STARTERS) > .venv/starters.log 2>&1 & starters=$$!; \
	trap 'kill $$starters' INT TERM; \
	$(BIN)/coverage run -m pytest tests $(addprefix --ignore=,$(STARTERS) $(NOTEBOOKS)); status=$$?; \
	$(BIN)/coverage report > .venv/coverage.log || status=1; \
	sed -n 's/^TOTAL.* /Branch coverage: /p; /failure/p' .venv/coverage.log; \
	$(BIN)/python -m pytest $(NOTEBOOKS) || status=1; \
	wait $$starters || status=1; cat .venv/starters.log; exit $$status
endif

soak: .venv/.test $(NODE) $(OLD_CLIENTS) ## the attacks at full length, and random searches IRL_SOAK=10 times as long
ifneq ($(ARGS),)
	IRL_SOAK=$(or $(IRL_SOAK),10) $(BIN)/python -m pytest $(ARGS)
else
	@export IRL_SOAK=$(or $(IRL_SOAK),10); $(BIN)/python -m pytest $(SOAK_TOO) > .venv/soak.log 2>&1 & half=$$!; \
	trap 'kill $$half' INT TERM; \
	IRL_SOAK=$(or $(IRL_SOAK),10) $(BIN)/python -m pytest $(SOAK); status=$$?; \
	wait $$half || status=1; cat .venv/soak.log; exit $$status
endif

bench: .venv/.test $(NEIGHBOUR) ## what the simulator costs, and whether it reaches its targets
	$(BIN)/python -m tests.bench

workshop: .venv/.workshop workshop/node_modules/.installed ## a room full of learners (ARGS="--port 8000"), see workshop/README.md
	@$(BIN)/python -m workshop start $(ARGS)

workshop-stop: .venv/.workshop ## end the room: the hub, the proxy and every learner's server
	@$(BIN)/python -m workshop stop

workshop-reset: .venv/.workshop ## empty learners' accounts, not their notebooks (ARGS="ana ben" or ARGS=--everyone)
	@$(BIN)/python -m workshop reset $(ARGS)

bench-room: .venv/.test workshop/node_modules/.installed ## how many learners this machine bears (ARGS="10 50 100" or "--lite 1000")
	$(BIN)/python -m tests.workshop.bench $(ARGS)

lint: .venv/.test ## ruff on the code and the notebooks, types, and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

refresh: .venv/.test ## run the notebooks and store their outputs (ARGS="notebooks/03_collect.ipynb")
	$(BIN)/python -m tests.notebooks.refresh $(ARGS)

screenshot: .venv/.test ## take the README's picture of the point of sale again
	$(BIN)/python -m tests.browser.screenshot

clean: ## remove what these targets made; accounts and .env stay
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache \
		.hypothesis .coverage */node_modules tests/*/node_modules tests/*/.python lite/.python lite/.packages
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: installed once, and again when pyproject.toml changes. Without such a change nothing here runs.
.venv/.lab: EXTRAS := notebooks,server
.venv/.workshop: EXTRAS := notebooks,server,workshop
.venv/.pos: EXTRAS := notebooks,server,pos
.venv/.lite: EXTRAS := lite
.venv/.test: EXTRAS := notebooks,server,workshop,pos,lite,test
.venv/.lab .venv/.workshop .venv/.pos .venv/.lite .venv/.test: pyproject.toml | $(BIN)/python
	@echo "Installing $(EXTRAS) into .venv: up to three minutes, this once."
	$(INSTALL) --editable ".[$(EXTRAS)]"
	@mkdir -p $(dir $(OVERRIDES))
	@echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}' > $(OVERRIDES)
	@touch $@ $(if $(findstring notebooks,$(EXTRAS)),.venv/.lab) \
		$(if $(findstring test,$(EXTRAS)),.venv/.workshop .venv/.pos .venv/.lite)

$(BIN)/python:
ifneq ($(UV),)
	uv venv --quiet --seed --allow-existing --python "$(or $(PYTHON),>=3.11)" .venv
else
	@$(if $(PYTHON),,echo "Python 3.11 or newer is needed, and none was found. Get it from python.org," \
		"or name yours: make lab PYTHON=/path/to/python3"; exit 1)
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
endif

%/node_modules/.installed: %/package.json
	@$(if $(NPM),,echo "npm is needed for this, and it was not found. Get Node 20 or newer from nodejs.org"; exit 1)
	cd $* && npm install --silent --no-audit --no-fund --no-package-lock
	@touch $@

# Without what they depend on: our own environment has that.
tests/clients/.python/%/.installed: tests/clients/%.txt | .venv/.test
	$(INSTALL) --no-deps --target $(@D) --requirement $<
	@touch $@

# The browser build has a Python of its own, and the packages that go into the browser: pure wheels only.
lite/.python/bin/python:
ifneq ($(UV),)
	uv venv --quiet --seed --allow-existing --python "$(or $(PYTHON),>=3.11)" lite/.python
else
	$(PYTHON) -m venv lite/.python || { rm -rf lite/.python; exit 1; }
endif

LITE_PIP := lite/.python/bin/python -m pip install --quiet --disable-pip-version-check --no-deps

lite/.python/.installed: lite/requirements.txt | lite/.python/bin/python
	$(LITE_PIP) --requirement $<
	@touch $@

lite/.packages/.installed: lite/packages.txt | lite/.python/bin/python
	rm -rf $(@D)
	$(LITE_PIP) --only-binary :all: --platform any --python-version 3.14 --implementation py --abi none \
		--no-compile --ignore-requires-python --target $(@D) --requirement $<
	@touch $@

# With all it needs, in a folder of its own: none of it is ours.
$(NEIGHBOUR): tests/bench/localstripe.txt | .venv/.test
	$(INSTALL) --target $(@D) --requirement $<
	@touch $@
