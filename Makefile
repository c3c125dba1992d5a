# The index of what can be done here: `make help`. Each target is a few commands that you could type yourself.

TARGET  := $(or $(CARGO_TARGET_DIR),target)
MUSTER  := $(TARGET)/release/muster
DATA    ?= muster-data-demo
ARGS    ?=
MINUTES ?= 30

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run demo test bench soak-rules setup build check fmt lint docs house-rules unit scenarios examples

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Set up, build, make the demonstration platform if it is not there, and serve it
	$(MUSTER) demo --data $(DATA)

demo: build ## The same, with the demonstration made again from nothing
	rm -rf muster-data-demo
	$(MUSTER) demo --data muster-data-demo

test: setup check house-rules unit scenarios examples ## Everything that must pass, from a clean clone

bench: setup ## Measure against ClickHouse in the same run (ARGS="--users 1000000 --events 100000000 --tags 15000")
	cargo run --release --locked -p muster-bench -- $(ARGS)

soak-rules: setup ## Look for a difference between engine and reference for half an hour (MINUTES=30)
	scripts/soak-rules.sh $(MINUTES)

setup: ## What a fresh Debian or Ubuntu with Rust, Node and make lacks: C compiler, embedded ClickHouse
	scripts/setup.sh

build: setup ## The binary, optimised
	cargo build --release --locked -p server

check: fmt lint docs ## Format, lints and documentation

fmt: ## Is every file formatted?
	cargo fmt --all --check

lint: ## Clippy, over production code, tests and benchmarks
	cargo clippy --workspace --all-targets --locked -- -D warnings

docs: ## Does the documentation build without a warning?
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

house-rules: ## Who may import whom, and tidiness
	cargo test --workspace --locked --test architecture --test tidiness

unit: ## Unit and integration tests; builds the binary that scenarios and examples use
	cargo build --workspace --locked --bins --tests
	cargo test --workspace --locked

scenarios: unit ## The scenario files of tests/scenarios
	$(TARGET)/debug/muster scenario run tests/scenarios

examples: unit ## The definitions of examples/ are accepted
	rm -rf $(TARGET)/examples-data
	$(TARGET)/debug/muster plan examples --data $(TARGET)/examples-data
