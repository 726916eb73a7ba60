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

# A source that is compiled once for each instruction set, as part of a library: it has the function ENTRY_SUFFIX, and
# `-Dnoisetrap=...` gives all else in it a namespace of its own.
function(noisetrap_unit library source entry suffix)
    set(unit ${entry}_${suffix})
    string(TOUPPER ${entry} entry)
    add_library(${unit} OBJECT ${source})
    target_include_directories(${unit} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${unit} PRIVATE noisetrap=noisetrap_${suffix} ${entry}=${unit})
    set_target_properties(${unit} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    # GCC calls the undefined halves of AVX-512 intrinsics uninitialised (GCC bug 105593).
    target_compile_options(${unit} PRIVATE ${kernel_flags}
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-uninitialized -Wno-maybe-uninitialized
        $<$<BOOL:${NOISETRAP_WARNINGS_AS_ERRORS}>:-Werror> ${ARGN}
        # Under sanitizers GCC schedules and vectorises these loops for more than ten minutes.
        $<$<CONFIG:Debug>:-O1;-fno-tree-vectorize;$<$<CXX_COMPILER_ID:GNU>:-fno-schedule-insns>>)
    target_sources(${library} PRIVATE $<TARGET_OBJECTS:${unit}>)
endfunction()
