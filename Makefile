# Everything a contributor runs. Needs only Python >= 3.11, pip and make; no system packages, no root.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check fix ci bench due throughput pictures smoke chaos forecast score fuzz clean

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# One mark per interpreter: another PYTHON makes the environment anew.
MARK := $(VENV)/.made-with-$(notdir $(PYTHON))
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)$$/  make \1|\2/p' Makefile | while IFS='|' read -r target does; do \
		printf '%-14s %s\n' "$$target" "$$does"; done
	@printf '\n%s\n' 'Another interpreter: make test PYTHON=python3.13. Some tests: make test ARGS="-k gate".'

demo: $(MARK)-demo  ## play a whole campaign on mail servers of its own, and prove it
	@$(RUN) -m sequencer demo $(ARGS)

test: $(MARK)-test  ## install what is needed into .venv, run the tests
	$(RUN) -m pytest $(ARGS)

check: $(MARK)-test $(MARK)-lint  ## style, types and rooms: ruff, mypy, import-linter
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports

fix: $(MARK)-lint  ## let ruff mend style and format
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

ci:  ## what CI runs: Dovecot and SpamAssassin, every test (none skipped), the linters
	.ci/run

chaos: $(MARK)-test  ## kill the daemon 500 times in each of three campaigns, and judge what it did
	@$(RUN) -m tests.chaos $(ARGS)

forecast: $(MARK)-test  ## hold the plan of each starter sequence against what then leaves, 500 buyers each
	@$(RUN) -m tests.forecast $(ARGS)

bench: $(MARK)-test  ## time what users wait for
	@for benchmark in benchmarks/*.py; do $(RUN) "$$benchmark" || exit 1; done

score: $(MARK)-test  ## how well incoming mail is read, over a labelled folder: make score CORPUS=DIR
	$(RUN) -m benchmarks.score "$(CORPUS)"

fuzz: $(MARK)-test $(MARK)-fuzz  ## damage our messages and read them, a minute: make fuzz [CORPUS=DIR]
	$(RUN) -m tests.fuzz $(if $(CORPUS),--corpus "$(CORPUS)") $(ARGS)

due: $(MARK)-test  ## what a tick costs beside five million enrollments (8 GB): make due ARGS="--upto 1000000"
	$(RUN) -m benchmarks.due $(ARGS)

throughput: $(MARK)-test  ## how fast it sends, beside smtp-source, nodemailer, mailmerge and smtplib
	$(RUN) -m benchmarks.throughput $(ARGS)

pictures: $(MARK)-test  ## draw the pictures of the documents anew (needs Chromium)
	$(RUN) docs/pictures/make.py $(ARGS)

smoke: $(MARK)-test  ## build the wheel, install it alone, make a workspace, play the demo
	@set -e; place=$$(mktemp -d); trap 'rm -rf "$$place"' EXIT; \
	$(RUN) -m build --wheel --no-isolation --outdir "$$place/dist" . >"$$place/log" 2>&1 \
		|| { cat "$$place/log"; exit 1; }; \
	"$(PYTHON)" -m venv "$$place/venv"; \
	wheel=$$(echo "$$place"/dist/*.whl); \
	"$$place/venv/bin/python" -m pip install --quiet "$$wheel[demo]"; \
	mkdir "$$place/empty"; cd "$$place/empty"; \
	"$$place/venv/bin/python" -m sequencer --help; \
	"$$place/venv/bin/python" -m sequencer init workspace; \
	"$$place/venv/bin/python" -m sequencer demo

clean:  ## remove what make, the tools and the tests left
	rm -rf $(VENV) .fuzz dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find sequencer tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(MARK):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		found=$$("$(PYTHON)" --version 2>&1) && found="it is $$found" || found='it does not run'; \
		echo "Error: $(PYTHON) is not Python 3.11 or later: $$found." \
			'Hint: name one that is, such as make test PYTHON=python3.12' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'Error: $(PYTHON) cannot make environments: ensurepip is missing.' \
			'Hint: install the package python3-venv (apt-get install python3-venv)' >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --upgrade pip
	@touch "$@"

# Installed again only when pyproject.toml changed.
$(MARK)-%: pyproject.toml | $(MARK)
	$(RUN) -m pip install --quiet --editable '.[$*]'
	@touch "$@"
