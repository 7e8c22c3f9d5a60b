# The two commands are `make run` and `make test`; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Where wenguo keeps its data, and where its pages are served.
DATA ?= data
LISTEN ?= 127.0.0.1:8420

# How many million complaints bench-years goes up to: 0.1, 1 or 10.
MILLIONS ?= 1

# Folder of real texts for the benchmarks that read them; not part of the repository.
TEXT_DATA ?=

# What bench-text is told: -scale=10,30 takes fewer texts, -scale= none; -ablation=false leaves that out.
TEXT_FLAGS ?=

# What bench-ingest is told: -events, -only=ten,peer,all,up, -kills=false.
INGEST_FLAGS ?=

# What bench-search is told.
SEARCH_FLAGS ?=

# How long each fuzz test runs, and what else `go test` is told.
FUZZTIME ?= 1m
TESTFLAGS ?=

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
GO_BUILD := go build -trimpath -ldflags '-X main.version=$(VERSION)'

export CGO_ENABLED := 1

##@ Using

.PHONY: run
run: deps-run build ## Install what is missing, build, start the live demo (DATA=data LISTEN=127.0.0.1:8420)
	@deploy/scripts/deps.sh alerts
	@exec bin/wenguo up --demo live --data '$(DATA)' --listen '$(LISTEN)'

.PHONY: build
build: go ## Build bin/wenguo
	@[ -x bin/wenguo ] || echo 'building bin/wenguo (about two minutes the first time)'
	@$(GO_BUILD) -o bin/wenguo ./cmd/wenguo

##@ Checking

.PHONY: test
test: deps-test ## Install what is missing, run all tests, print their number and coverage
	@gotestsum=$$(tools/build.sh gotestsum gotest.tools/gotestsum gotest.tools/gotestsum); \
	status=0; \
	"$$gotestsum" --format pkgname-and-test-fails --format-hide-empty-pkg -- \
		-p 3 -timeout 30m -covermode=atomic -coverprofile=coverage.out $(TESTFLAGS) ./... || status=$$?; \
	[ ! -s coverage.out ] || go tool cover -func=coverage.out | awk '$$1 == "total:" { print "coverage: " $$3 " of statements" }'; \
	exit $$status

# How long faults come in a soak, and the seed of its input and its schedule.
DURATION ?= 30m
SEED ?= 20261123

.PHONY: soak
soak: deps-run ## Break everything for DURATION (30m) by the schedule of SEED, then judge the store
	@go test -count=1 -v -timeout 0 -run '^TestNothingIsLostOrDoubledWhateverBreaks$$' ./e2e/faults -soak.duration=$(DURATION) -soak.seed=$(SEED)

.PHONY: lint
lint: packages-run ## Check style, imports between rooms, file lengths, module files
	@go mod tidy -diff
	@go vet ./...
	@tools/file-length.sh
	@! grep -n '"resolved"' deploy/npm/package-lock.json || { echo 'the lock file names a registry; deploy/npm/.npmrc keeps it out'; exit 1; }
	@"$$(tools/build.sh golangci-lint github.com/golangci/golangci-lint/v2 github.com/golangci/golangci-lint/v2/cmd/golangci-lint)" run ./...

.PHONY: fuzz
fuzz: go ## Run each fuzz test for FUZZTIME (1m)
	@git grep -lE '^func Fuzz' -- '*_test.go' | while read -r file; do \
		sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$$file" | while read -r name; do \
			echo "fuzzing $$name for $(FUZZTIME)"; \
			go test -run=NONE -fuzz="^$$name\$$" -fuzztime=$(FUZZTIME) "./$$(dirname "$$file")" </dev/null; \
		done; \
	done

.PHONY: fuzz-api
fuzz-api: deps-run build ## Let schemathesis make requests from the OpenAPI document to a running wenguo (EXAMPLES=20 SEED=20261122)
	@go test -timeout 30m ./e2e/contract -whole
	@tools/fuzz-api.sh

.PHONY: bench-files
bench-files: deps-run ## Measure files of a million rows: memory and rows per second (ROWS=1000000)
	@go test -run=NONE -bench='^BenchmarkFiles$$' -benchtime=1x -timeout 60m ./e2e/contract

.PHONY: bench
bench: deps-run build ## Run the benchmarks that need nothing else
	@go run ./bench/pipeline
	@go test -run=NONE -bench=. -benchmem -timeout 60m ./...

.PHONY: bench-alert-delay
bench-alert-delay: deps-test ## Measure breach to card over 20 runs, with intervals of 1 s and with the shipped ones
	@go test -count=1 -v -timeout 30m -run '^TestFromTheBreachToTheCard$$' ./e2e/alerts -alerts.runs=20 -alerts.interval=1s
	@go test -count=1 -v -timeout 30m -run '^TestFromTheBreachToTheCard$$' ./e2e/alerts -alerts.runs=20 -alerts.interval=15s

.PHONY: bench-years
bench-years: deps-run build ## Measure pages with 0.1, 1 and 10 million complaints (MILLIONS, an hour and 20 GB for 10)
	@go run ./bench/years -millions $(MILLIONS)

# What bench-readers is told: -readers, -thought, -duration, -events.
READERS_FLAGS ?=

.PHONY: bench-readers
bench-readers: deps-test ## Let 100 people read for five minutes while 500 events a second arrive (READERS_FLAGS='-duration 1m')
	@go test -run=NONE -bench='^BenchmarkReaders$$' -benchtime=1x -timeout 60m -v ./e2e/readers $(READERS_FLAGS)

.PHONY: bench-search
bench-search: deps-test build ## Measure searches over many complaints (SEARCH_FLAGS='-thousands 1000 -queries 200')
	@go build -o bin/bench-search ./bench/search
	@bin/bench-search $(SEARCH_FLAGS)

.PHONY: bench-ingest
bench-ingest: deps-test build ## Measure ingestion from Apache Kafka beside the engine's own consumer (INGEST_FLAGS='-events 100000')
	@go build -o bin/bench-ingest ./bench/ingest
	@bin/bench-ingest $(INGEST_FLAGS)

# What bench-alerts is told: -months, -seed, -only=main,others,robust,family.
ALERT_FLAGS ?=

.PHONY: bench-alerts
bench-alerts: go ## Simulate alerts on breach rates beside the textbook's (ALERT_FLAGS='-months 100 -only=main')
	@go run ./bench/alerts $(ALERT_FLAGS)

# What bench-improve is told: -runs, -seed, -only=WORLD.
IMPROVE_FLAGS ?=

.PHONY: bench-improve
bench-improve: go ## Simulate improvement actions with and without effect (IMPROVE_FLAGS='-runs 100 -only=peak')
	@go run ./bench/improve $(IMPROVE_FLAGS)

.PHONY: bench-real
bench-real: deps-run build ## Compare the pages with real messages (folder in TEXT_DATA)
	@[ -n '$(TEXT_DATA)' ] || { echo 'bench-real: name the folder of the real messages: make bench-real TEXT_DATA=FOLDER'; exit 2; }
	@TEXT_DATA='$(TEXT_DATA)' go run ./bench/real

.PHONY: bench-text
bench-text: go ## Measure issues, near-duplicates and speed on real texts (TEXT_DATA; TEXT_FLAGS='-scale= -ablation=false')
	@[ -n '$(TEXT_DATA)' ] || { echo 'bench-text: name the folder of the real texts: make bench-text TEXT_DATA=FOLDER'; exit 2; }
	@TEXT_DATA='$(TEXT_DATA)' go run ./bench/text $(TEXT_FLAGS)

##@ Installing what is missing

.PHONY: deps-run
deps-run: packages-run ## Debian packages and the engine library: what building and running needs
	@deploy/engine/fetch.sh

.PHONY: deps-test
deps-test: packages-test ## What tests need besides: Java and Kafka, promtool, amtool, a browser
	@deploy/engine/fetch.sh
	@e2e/kafka/fetch.sh
	@e2e/browser/axe.sh >/dev/null

.PHONY: packages-run packages-test
packages-run packages-test: packages-%: go
	@deploy/scripts/deps.sh $*

.PHONY: go
go:
	@command -v go >/dev/null || { echo "go is missing: install Go $$(awk '$$1 == "go" { print $$2 }' go.mod) or newer and put it on the PATH"; exit 1; }

##@ Keeping

.PHONY: clean
clean: ## Remove what was built; data and the shared caches stay
	@rm -rf bin coverage.out

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
