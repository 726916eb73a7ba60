# How kernels are compiled, by this build and by the program itself when it is asked for one: `flags.hpp` tells it.

# No contraction makes the bits the same everywhere; no errno and no traps let the loops vectorise.
set(kernel_flags -ffp-contract=off -fno-math-errno -fno-trapping-math)
set(kernel_flags_x86-64-v3 -march=x86-64-v3)
set(kernel_flags_x86-64-v4 -march=x86-64-v4 -mprefer-vector-width=512)

# How GCC schedules matters (measured with GCC 12, benchmarks/README.md): moving instructions before registers are given
# out is worth 15 to 20 % of a step. With 32 registers another way to weigh them is worth 5 % more; with 16 it pays to
# keep constants in memory and variables apart.
set(kernel_tuning -O3)
set(kernel_tuning_gnu -O2 -ftree-vectorize -fvect-cost-model=dynamic -fschedule-insns -fsched-pressure -fno-tree-pre)
set(kernel_tuning_gnu_x86-64-v3 -fno-move-loop-invariants -fno-tree-reassoc -fweb)
set(kernel_tuning_gnu_x86-64-v4 --param=sched-pressure-algorithm=2)

# As the words of a C++ list.
foreach(name kernel_flags kernel_flags_x86-64-v3 kernel_flags_x86-64-v4 kernel_tuning kernel_tuning_gnu
             kernel_tuning_gnu_x86-64-v3 kernel_tuning_gnu_x86-64-v4)
    list(JOIN ${name} "\", \"" words)
    set(words_of_${name} "\"${words}\"")
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/engine/kernels/flags.hpp.in ${PROJECT_BINARY_DIR}/generated/kernel_flags.hpp @ONLY)
