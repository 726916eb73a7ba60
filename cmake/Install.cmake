# An install tree that find_package(noisetrap) understands.
include(CMakePackageConfigHelpers)

install(TARGETS noisetrap noisetrap_analysis EXPORT noisetrapTargets)
install(TARGETS noisetrap_app RUNTIME)
if(NOISETRAP_MPI)
    install(TARGETS noisetrap_mpi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/noisetrap)
endif()
# A copy of the CUDA runtime, so that the program starts on machines without one.
if(NOISETRAP_CUDA)
    file(REAL_PATH ${CUDA_cudart_LIBRARY} cudart)
    install(FILES ${cudart} DESTINATION ${CMAKE_INSTALL_LIBDIR}/noisetrap RENAME ${NOISETRAP_CUDART_NAME})
    file(RELATIVE_PATH from_bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/noisetrap)
    set_target_properties(noisetrap_app PROPERTIES INSTALL_RPATH $ORIGIN/${from_bin_to_lib})
endif()
install(DIRECTORY engine models sde analysis DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/noisetrap
        FILES_MATCHING PATTERN "*.hpp" PATTERN "diffusion_cells.hpp" EXCLUDE PATTERN "lyapunov.hpp" EXCLUDE PATTERN "chain_growth.hpp" EXCLUDE)
install(DIRECTORY python/noisetrap_report DESTINATION ${CMAKE_INSTALL_DATADIR}/noisetrap/python
        FILES_MATCHING PATTERN "*.py" PATTERN "*.html" PATTERN "*.css" PATTERN "*.js")
install(EXPORT noisetrapTargets NAMESPACE noisetrap:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/noisetrap)
configure_package_config_file(cmake/noisetrapConfig.cmake.in ${PROJECT_BINARY_DIR}/noisetrapConfig.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/noisetrap)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/noisetrapConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/noisetrapConfig.cmake ${PROJECT_BINARY_DIR}/noisetrapConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/noisetrap)
