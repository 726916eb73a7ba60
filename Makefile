# Two commands for users: `make reproduce` and `make test`. Both set up, build and run. `make validate` checks every
# claim of the theory in some minutes.
.PHONY: reproduce validate test build setup clean benchmark benchmark-peers benchmark-kernels benchmark-optimisers benchmark-sweeps benchmark-build gpu-report

PRESET ?= $(if $(CI),ci,release)
BUILD := $(if $(filter cpu native debug,$(PRESET)),build/$(PRESET),build/release)

reproduce: build
	rm -rf report
	$(BUILD)/noisetrap reproduce --out report

validate: build
	rm -rf validation-report
	$(BUILD)/noisetrap validate --out validation-report

test: build
	ctest --preset $(PRESET)

build: setup
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)

setup:
	@sh cmake/setup.sh

COMPARE = /usr/bin/python3 benchmarks/compare.py --noisetrap $(BUILD)/noisetrap --peers $(BUILD)/benchmarks/peers

benchmark: benchmark-build
	$(COMPARE)

benchmark-kernels: benchmark-build
	/usr/bin/python3 benchmarks/kernels.py --kernels $(BUILD)/benchmarks/kernels

# PEER_LIBRARIES="numba jax" installs only these.
benchmark-peers: benchmark-build
	sh benchmarks/peers/setup.sh build/peers-venv $(PEER_LIBRARIES)
	$(COMPARE) --peer-python build/peers-venv/bin/python --rounds 3

# Every optimiser on the toy saddle, on one thread.
benchmark-optimisers: build
	/usr/bin/python3 benchmarks/optimisers.py --noisetrap $(BUILD)/noisetrap

# A sweep beside one ensemble of its size, and a searched boundary beside uniform grids.
benchmark-sweeps: build
	/usr/bin/python3 benchmarks/sweeps.py --noisetrap $(BUILD)/noisetrap

benchmark-build: setup
	cmake --preset $(PRESET) -DNOISETRAP_BENCHMARKS=ON
	cmake --build --preset $(PRESET)

gpu-report: setup
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) --target noisetrap_kernels_cuda
	/usr/bin/python3 benchmarks/gpu_report.py --objects $(BUILD)/CMakeFiles/noisetrap_kernels_cuda.dir/generated

clean:
	rm -rf build report validation-report
