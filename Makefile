# Thin on purpose (GNU make 3.81 is enough): the work is in tools/, standard library only.

PYTHON_FOUND := $(shell for p in "$(PYTHON)" python3.14 python3.13 python3.12 python3.11 python3; do \
	test -n "$$p" && "$$p" -c "import sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 && echo "$$p" && break; done)
NEEDED = @test -n "$(PYTHON_FOUND)" || { echo "Polyphony needs Python 3.11 or newer (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.12), or PYTHON=/path/to/it"; exit 1; }

.PHONY: help run test check static bench lock clean setup

help:
	@echo "make run           install what is missing, start everything with the living demo on http://127.0.0.1:8000"
	@echo "make test          install what is missing, run every test (T=path for one, FULL=1 for the long ones)"
	@echo "make check         form, types, contracts, our own rules, tests of domain and architecture"
	@echo "make bench         measure this machine (NAME=read for one)"
	@echo "make setup         only install"
	@echo "make lock          resolve the dependencies again"
	@echo "make clean         remove what was installed and built (DATA=1: also ./var)"

run test check static bench clean:
	$(NEEDED)
	@"$(PYTHON_FOUND)" -m tools.run $@

setup:
	$(NEEDED)
	@"$(PYTHON_FOUND)" -m tools.setup test

lock: setup
	@.venv/bin/python -m tools.lock
