# Turns the list in models/CMakeLists.txt into the catalogue: a C++ unit with one entry for each SDE under each of its
# schemes and for each loss under each optimiser. Kernels are compiled when they are asked for, from what it says.

# One entry: the type that makes the process, and the headers that define it.
function(noisetrap_entry family)
    list(JOIN ARGN "\", \"" headers)
    set_property(GLOBAL APPEND_STRING PROPERTY NOISETRAP_ENTRIES
        "        make_entry<${family}>({\"${family}\", {\"${headers}\"}}),\n")
    foreach(header IN LISTS ARGN)
        set_property(GLOBAL APPEND_STRING PROPERTY NOISETRAP_INCLUDES "#include \"${header}\"\n")
    endforeach()
endfunction()

function(noisetrap_sde type header)
    cmake_parse_arguments(arg "" "" "SCHEMES" ${ARGN})
    foreach(scheme IN LISTS arg_SCHEMES)
        noisetrap_entry("SdeFamily<${type}, ${scheme}, Discretised>" ${header} sde/schemes.hpp)
    endforeach()
endfunction()

function(noisetrap_loss type header)
    set_property(GLOBAL APPEND PROPERTY NOISETRAP_LOSSES "${type}|${header}")
endfunction()

function(noisetrap_optimiser type header)
    set_property(GLOBAL APPEND PROPERTY NOISETRAP_OPTIMISERS "${type}|${header}")
    set_property(GLOBAL APPEND_STRING PROPERTY NOISETRAP_METHODS "        {\"${type}\", \"${header}\"},\n")
    set_property(GLOBAL APPEND_STRING PROPERTY NOISETRAP_FACTS "        optimiser_facts_of<${type}>(\"${type}\", \"${header}\"),\n")
endfunction()

function(noisetrap_generate)
    get_property(losses GLOBAL PROPERTY NOISETRAP_LOSSES)  # each type|header
    get_property(optimisers GLOBAL PROPERTY NOISETRAP_OPTIMISERS)
    foreach(loss IN LISTS losses)
        string(REPLACE "|" ";" loss ${loss})
        list(GET loss 0 loss_type)
        list(GET loss 1 loss_header)
        foreach(optimiser IN LISTS optimisers)
            string(REPLACE "|" ";" optimiser ${optimiser})
            list(GET optimiser 0 type)
            list(GET optimiser 1 header)
            noisetrap_entry("RecursionFamily<${loss_type}, ${type}>" ${loss_header} ${header})
        endforeach()
    endforeach()
    get_property(INCLUDES GLOBAL PROPERTY NOISETRAP_INCLUDES)
    get_property(ENTRIES GLOBAL PROPERTY NOISETRAP_ENTRIES)
    get_property(METHODS GLOBAL PROPERTY NOISETRAP_METHODS)
    get_property(FACTS GLOBAL PROPERTY NOISETRAP_FACTS)
    configure_file(${PROJECT_SOURCE_DIR}/engine/catalogue/list.cpp.in ${PROJECT_BINARY_DIR}/generated/catalogue_list.cpp @ONLY)
    target_sources(noisetrap PRIVATE ${PROJECT_BINARY_DIR}/generated/catalogue_list.cpp)
endfunction()
