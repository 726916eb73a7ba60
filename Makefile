# Two commands for users: `make reproduce` and `make test`. Both set up, build and run.
.PHONY: reproduce test build setup clean benchmark

PRESET ?= $(if $(CI),ci,release)
BUILD := $(if $(filter cpu debug,$(PRESET)),build/$(PRESET),build/release)

reproduce: build
	rm -rf report
	$(BUILD)/noisetrap reproduce --out report

test: build
	ctest --preset $(PRESET)

build: setup
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)

setup:
	@sh cmake/setup.sh

benchmark: setup
	cmake --preset $(PRESET) -DNOISETRAP_BENCHMARKS=ON
	cmake --build --preset $(PRESET)
	/usr/bin/python3 benchmarks/compare.py --noisetrap $(BUILD)/noisetrap --peers $(BUILD)/benchmarks

clean:
	rm -rf build report
