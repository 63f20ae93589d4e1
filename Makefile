# Uptake. `make help` lists what can be made.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The embedded engine: ClickHouse as a library. npm is its delivery, nothing of Node runs.
ENGINE_PACKAGE := node_modules/@chdb/lib-linux-x64-gnu
ENGINE := $(ENGINE_PACKAGE)/libchdb.so

LINT_VERSION := v2.15.0
LINT := .cache/bin/golangci-lint-$(LINT_VERSION)

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: export UPTAKE_DEMO ?= manufacturer
run: build ## build and serve the demo company on http://127.0.0.1:8080
	@exec bin/uptake serve

.PHONY: build
build: engine ## make bin/uptake and all that `bin/uptake serve` needs
	@command -v go >/dev/null || { echo "make: Go is missing. Install Go 1.26 or newer." >&2; exit 1; }
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/uptake ./cmd/uptake

# Where the engine exists it is fetched once; with a library or a server of one's own, and on other platforms, not.
.PHONY: engine
ifeq ($(shell uname -sm),Linux x86_64)
ifeq ($(UPTAKE_LIBCHDB)$(UPTAKE_CLICKHOUSE_DSN),)
engine: $(ENGINE)
else
engine:
endif
else
engine:
	@if [ -z "$${UPTAKE_CLICKHOUSE_DSN:-}" ]; then \
		echo "The embedded engine exists for Linux on x86-64 only. Here Uptake needs a ClickHouse server:" >&2; \
		echo "set UPTAKE_CLICKHOUSE_DSN=clickhouse://user:password@host:9000/uptake, or run: docker compose up" >&2; fi
endif

$(ENGINE): package.json package-lock.json
	@command -v npm >/dev/null || { printf '%s\n' "make: npm is missing; it delivers the embedded engine (nothing of Node runs)." \
		"Install it (Debian: apt-get install npm), or set UPTAKE_CLICKHOUSE_DSN to use a ClickHouse server." >&2; exit 1; }
	npm ci
	@test -f $@ || { printf '%s\n' "make: npm ended without an error but did not bring $(ENGINE)." \
		"It leaves the package out where it cannot be fetched, and on a Linux without glibc. Try: npm ci --verbose" >&2; exit 1; }
	@touch $@

# The published clients of other products, which the tests run against Uptake.
CLIENTS := cmd/uptake/testdata/clients
CLIENTS_HERE := $(CLIENTS)/node_modules/.package-lock.json

.PHONY: clients
clients: $(CLIENTS_HERE) ## fetch the clients from npm that the tests run

$(CLIENTS_HERE): $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	@command -v npm >/dev/null || { echo "make: npm is missing; the tests run clients that it delivers. Install it (Debian: apt-get install npm)." >&2; exit 1; }
	cd $(CLIENTS) && npm ci
	@touch $@

.PHONY: test
test: export UPTAKE_TEST_ALL := 1
test: engine clients ## set up what the tests need and run them all, with the race detector
	.ci/tools
	go test -race -timeout 20m -p $$(($$(nproc) + 1)) ./... # one more than processors: tests of the whole program wait a lot

FUZZTIME ?= 5m

.PHONY: fuzz
fuzz: engine ## let every fuzz target run for FUZZTIME (5m each)
	@for package in $$(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z0-9]*' $$package/*_test.go | cut -c6-); do \
			echo "$$target in $$package"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -parallel 1 ./$$package || exit 1; done; done

COMPANIES ?= 1000

.PHONY: companies
companies: engine ## let COMPANIES (1000) companies of chance live beside the reference, and the attacker loose on as many: hours
	go test -count=1 -timeout 24h -run '^TestEqualsReference$$' ./ingest/refresh -companies $$(($(COMPANIES) / 6 + 1))
	go test -count=1 -timeout 24h -run '^TestAnswersEqualReference$$' ./ingest/refresh -companies $(COMPANIES)
	go test -count=1 -timeout 24h -run '^TestAllAnswersTogetherRevealNoSmallGroup$$' ./query -every-worlds $(COMPANIES)

UPTAKE_TESTDATA ?= ../shared/data

.PHONY: real-data
real-data: export UPTAKE_TESTDATA := $(realpath $(UPTAKE_TESTDATA))
real-data: engine ## compare with a plain calculation over the real mails in UPTAKE_TESTDATA
	go test -count=1 -timeout 1h -run 'Real(Mails|Messages)' ./query/cases ./cmd/uptake

.PHONY: lint
lint: $(LINT) ## check the code: gofmt, vet, golangci-lint with the house's import rules
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); [ -z "$$unformatted" ] || { echo "gofmt these:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	$(LINT) run

# A version has a file of its own, so it is built once. The first build takes some minutes.
$(LINT):
	@mkdir -p $(@D)
	GOBIN=$(CURDIR)/$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv $(@D)/golangci-lint $@

.PHONY: bench
bench: engine ## measure events/s end to end beside a direct insert, and page latencies
	go test -run '^$$' -bench 'Events|Pages' -benchtime 1x -v -timeout 40m ./cmd/uptake/
	go test -run '^$$' -bench Bank -benchtime 20x ./query/

.PHONY: bench-ingest
bench-ingest: engine ## measure the door: events/s, latency, memory, time into the figures, beside the engine alone
	go test -run '^$$' -bench 'Ingest$$' -benchtime 1x -v -timeout 30m ./cmd/uptake/

.PHONY: bench-value
bench-value: ## measure 10,000 draws of a bank's value, and of one input that is edited
	go test -run '^$$' -bench . -benchtime 5x ./value/worth/

.PHONY: bench-query
bench-query: engine ## build a bank of 130,000 people and a year, measure answers and refreshes, beside their aims
	go test -run '^$$' -bench 'Query$$' -benchtime 1x -v -timeout 120m ./cmd/uptake/

.PHONY: screens
screens: engine ## renew the pictures of the pages in docs/screens
	.ci/tools chromium
	UPTAKE_TEST_SCREENS=$(CURDIR)/docs/screens go test -count=1 -run Screens ./dashboard/ ./cmd/uptake/

.PHONY: clean
clean: ## remove what was built (not ./data, not the engine)
	rm -rf bin coverage.out
