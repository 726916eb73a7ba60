# An install tree that find_package(noisetrap) understands.
include(CMakePackageConfigHelpers)

install(TARGETS noisetrap noisetrap_analysis EXPORT noisetrapTargets)
install(TARGETS noisetrap_app RUNTIME)
install(DIRECTORY engine models sde analysis DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/noisetrap
        FILES_MATCHING PATTERN "*.hpp" PATTERN "diffusion_cells.hpp" EXCLUDE PATTERN "lyapunov.hpp" EXCLUDE PATTERN "chain_growth.hpp" EXCLUDE)
install(DIRECTORY python/noisetrap_report DESTINATION ${CMAKE_INSTALL_DATADIR}/noisetrap/python
        FILES_MATCHING PATTERN "*.py" PATTERN "*.html")
install(EXPORT noisetrapTargets NAMESPACE noisetrap:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/noisetrap)
configure_package_config_file(cmake/noisetrapConfig.cmake.in ${PROJECT_BINARY_DIR}/noisetrapConfig.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/noisetrap)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/noisetrapConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/noisetrapConfig.cmake ${PROJECT_BINARY_DIR}/noisetrapConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/noisetrap)
