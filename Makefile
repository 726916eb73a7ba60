# Two commands for users: `make reproduce` and `make test`. Both set up, build and run. `make validate` checks every
# claim of the theory in some minutes.
.PHONY: packages docs docs-setup python python-setup test-setup reproduce validate networks test program build sanitize tidy setup clean benchmark benchmark-peers benchmark-kernels benchmark-optimisers benchmark-sweeps benchmark-ranks benchmark-revisions benchmark-build gpu gpu-report

PRESET ?= $(if $(CI),ci,release)
BUILD := $(if $(filter cpu debug threads,$(PRESET)),build/$(PRESET),build/release)

reproduce: program
	rm -rf report
	$(BUILD)/noisetrap reproduce --out report

validate: program
	rm -rf validation-report
	$(BUILD)/noisetrap validate --out validation-report

# All experiments with networks (docs/networks.md), each in a folder of its own below networks-report.
networks: program
	rm -rf networks-report
	mkdir networks-report
	$(BUILD)/noisetrap escape --presets | cut -d ' ' -f 1 > networks-report/order.txt
	set -e; for name in $$(cat networks-report/order.txt); do \
	    $(BUILD)/noisetrap escape --preset $$name --out networks-report/$$name; \
	done
	$(BUILD)/noisetrap analyse --presets | cut -d ' ' -f 1 > networks-report/runs.txt
	set -e; for name in $$(cat networks-report/runs.txt); do \
	    $(BUILD)/noisetrap analyse --preset $$name --out networks-report/$$name; \
	done
	cat networks-report/runs.txt >> networks-report/order.txt
	rm networks-report/runs.txt
	PYTHONPATH=python $${NOISETRAP_PYTHON:-/usr/bin/python3} -m noisetrap_report.networks networks-report

test: build
	ctest --preset $(PRESET)

# The program alone, without the tests.
program: setup
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) --target noisetrap_app

build: test-setup python-setup docs-setup
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET)

# The package `noisetrap` in build/python-venv: build/python-venv/bin/python -c "import noisetrap".
python: setup
	@sh cmake/python.sh 1
	build/python-venv/bin/python -m pip install .

# The documentation as a site: build/docs/html/index.html. Its pages show what the program and the package say.
docs: setup
	@sh cmake/python.sh 1
	@sh cmake/docs.sh 1
	cmake --preset $(PRESET)
	cmake --build --preset $(PRESET) --target noisetrap_app noisetrap_core
	PYTHONPATH=$(BUILD)/python build/docs-venv/bin/python docs/build_site.py --program $(BUILD)/noisetrap

# The .deb, the sdist and the wheel, each used where nothing else of noisetrap is; they lie in build/packages.
packages: setup
	sh packaging/try.sh

setup:
	@sh cmake/setup.sh

# Tests start runs of several processes, too.
test-setup:
	@sh cmake/setup.sh openmpi-bin libopenmpi-dev

python-setup: setup
	@sh cmake/python.sh

docs-setup: setup
	@sh cmake/docs.sh

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
benchmark-optimisers: benchmark-build
	/usr/bin/python3 benchmarks/optimisers.py --noisetrap $(BUILD)/noisetrap --kernels $(BUILD)/benchmarks/kernels

# A sweep beside one ensemble of its size, and a searched boundary beside uniform grids.
benchmark-sweeps: build
	/usr/bin/python3 benchmarks/sweeps.py --noisetrap $(BUILD)/noisetrap

benchmark-ranks: build
	/usr/bin/python3 benchmarks/ranks.py --noisetrap $(BUILD)/noisetrap

# Two build folders side by side, as BEFORE=../older/build/release after building that revision with its benchmarks.
benchmark-revisions: benchmark-build
	/usr/bin/python3 benchmarks/revisions.py --before $(BEFORE) --now $(BUILD)

benchmark-build: setup
	cmake --preset $(PRESET) -DNOISETRAP_BENCHMARKS=ON
	cmake --build --preset $(PRESET)

# On a machine with a GPU: bytes, claims, speeds beside peers; a file in benchmarks/results/ and a table.
gpu: benchmark-build
	/usr/bin/python3 benchmarks/gpu.py --build $(BUILD)

# What the machine code of GPU kernels says; needs nvcc, cuobjdump and nvdisasm.
gpu-report: program
	/usr/bin/python3 benchmarks/gpu_report.py --noisetrap $(BUILD)/noisetrap

# All Catch2 tests under the address and undefined-behaviour sanitizers, then the runs and kernels under the thread
# sanitizer. What is checked at every dereference (null, alignment, size) is left to the address sanitizer and to the
# processor: GCC takes more than twice as long to compile it.
sanitize: setup
	cmake --preset debug && cmake --build --preset debug --target noisetrap_tests
	NOISETRAP_KERNEL_CACHE=$(CURDIR)/build/debug/kernel-cache build/debug/tests/noisetrap_tests "~[slow]"
	cmake --preset threads && cmake --build --preset threads --target noisetrap_tests
	NOISETRAP_KERNEL_CACHE=$(CURDIR)/build/threads/kernel-cache build/threads/tests/noisetrap_tests "[kernels]"

# The short list of .clang-tidy; needs Debian's clang and clang-tidy.
tidy: setup
	cmake --preset tidy && cmake --build --preset tidy --target noisetrap_revision
	run-clang-tidy -p build/tidy -quiet "$(CURDIR)/(engine|analysis|validation|app)/"

clean:
	rm -rf build report validation-report
