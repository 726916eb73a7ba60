# What a package holds beside the install tree: the manual and the scripts of completion, which the program writes itself,
# and how CPack makes a .deb of it all: cmake --preset package, build, cpack -G DEB (docs/packages.md).
set(written_by_the_program "")
function(noisetrap_writes file folder)
    set(path ${PROJECT_BINARY_DIR}/package/${file})
    add_custom_command(OUTPUT ${path} COMMAND $<TARGET_FILE:noisetrap_app> ${ARGN} > ${path} DEPENDS noisetrap_app VERBATIM)
    set(written_by_the_program ${written_by_the_program} ${path} PARENT_SCOPE)
    install(FILES ${path} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
endfunction()
# Where the program cannot run, as on another machine than that which builds it, these are left out.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
    noisetrap_writes(noisetrap.1 man/man1 man)
    noisetrap_writes(noisetrap bash-completion/completions completion bash)
    noisetrap_writes(_noisetrap zsh/vendor-completions completion zsh)
    noisetrap_writes(noisetrap.fish fish/vendor_completions.d completion fish)
    add_custom_target(noisetrap_manual ALL DEPENDS ${written_by_the_program})
endif()
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/noisetrap RENAME copyright)
install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/noisetrap)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The noisetrap developers <noisetrap@localhost>")
set(CPACK_PACKAGE_DESCRIPTION "Monte-Carlo paths of stochastic gradient descent near saddle points, and of the
stochastic differential equations that are its limit, beside exact answers: growth rates, laws, exit times, phase
diagrams, comparisons of optimisers. Program, C++ library and CMake package.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The report is drawn by Python; a compiler makes the kernels that are not built in.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "python3 (>= 3.11), python3-matplotlib, python3-numpy, python3-jinja2")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "g++")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, nvidia-cuda-toolkit")
include(CPack)
