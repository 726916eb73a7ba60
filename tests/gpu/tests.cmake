# The CUDA backend, twice: on a device where there is one, and on the stand-in for the CUDA runtime, which runs the same
# programs' kernels on this processor.
function(noisetrap_gpu_tests_skipped why)
    add_test(NAME "GPU kernels on this processor" COMMAND ${CMAKE_COMMAND} -E echo "skipped: ${why}")
    set_tests_properties("GPU kernels on this processor" PROPERTIES SKIP_REGULAR_EXPRESSION "skipped:")
endfunction()
if(NOT NOISETRAP_CUDA)
    noisetrap_gpu_tests_skipped("built without nvcc")
    return()
endif()
add_executable(gpu_check gpu/gpu_check.cpp)
target_link_libraries(gpu_check PRIVATE noisetrap noisetrap_warnings)
set_target_properties(gpu_check PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
add_test(NAME "GPU gives the bytes of the CPU" COMMAND gpu_check)
set_tests_properties("GPU gives the bytes of the CPU" PROPERTIES SKIP_RETURN_CODE 77)

add_subdirectory(ptxhost)
if(NOT TARGET ptxhost)
    noisetrap_gpu_tests_skipped("libzstd-dev was not here when the project was configured")
    return()
endif()

# `on_ptxhost COMMAND...` runs a command with the stand-in in place of the runtime, and with kernels as PTX.
set(on_ptxhost ${PROJECT_BINARY_DIR}/on_ptxhost)
file(GENERATE OUTPUT ${on_ptxhost} CONTENT "#!/bin/sh
LD_LIBRARY_PATH='$<TARGET_FILE_DIR:ptxhost>'\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} CUDA_FORCE_PTX_JIT=1 exec \"$@\"
" FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

add_test(NAME "PTX is run as its manual says" COMMAND ptxhost_self_test)
# Without two that take a minute for their many steps: their kernels and ways are looked at byte by byte in the others.
add_test(NAME "GPU kernels on this processor: tests of every backend" COMMAND ${on_ptxhost} $<TARGET_FILE:noisetrap_tests> "* - Cuda" "~The growth rate is*")
# `make gpu` in short, whose first part is gpu_check.
add_test(NAME "GPU kernels on this processor: ways of stepping" COMMAND ${on_ptxhost} ${NOISETRAP_TEST_PYTHON}
    ${PROJECT_SOURCE_DIR}/benchmarks/gpu.py --build ${PROJECT_BINARY_DIR} --quick --out gpu-quick.json)
foreach(test bytes faults formulas networks)
    add_test(NAME "GPU kernels on this processor: ${test}" COMMAND ${on_ptxhost} ${NOISETRAP_TEST_PYTHON}
        ${CMAKE_CURRENT_SOURCE_DIR}/gpu/${test}_test.py $<TARGET_FILE:noisetrap_app>)
endforeach()
if(TARGET noisetrap_core)
    add_test(NAME "GPU kernels on this processor: interrupts of a notebook" COMMAND ${on_ptxhost} ${NOISETRAP_TEST_PYTHON}
        ${CMAKE_CURRENT_SOURCE_DIR}/gpu/interrupt_test.py $<TARGET_FILE:noisetrap_app>)
endif()
# Where the stand-in is not taken for a device, nothing would be tested.
set_tests_properties("GPU kernels on this processor: tests of every backend" "GPU kernels on this processor: ways of stepping"
    PROPERTIES FAIL_REGULAR_EXPRESSION "skipped:" TIMEOUT 1800)
