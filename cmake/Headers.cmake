# Writes OUTPUT, a C++ unit that holds the text of the headers in SOURCE that kernel units include.
file(GLOB headers RELATIVE ${SOURCE} ${SOURCE}/engine/numbers/*.hpp ${SOURCE}/engine/noise/*.hpp ${SOURCE}/engine/paths/*.hpp
     ${SOURCE}/engine/catalogue/*.hpp ${SOURCE}/engine/kernels/kernel*.hpp ${SOURCE}/models/*.hpp ${SOURCE}/models/networks/*.hpp ${SOURCE}/sde/*.hpp)
list(REMOVE_ITEM headers sde/odeint.hpp)
list(SORT headers)
set(text "// Written by cmake/Headers.cmake.\n#include \"engine/kernels/headers.hpp\"\n\nnamespace noisetrap {\nstatic constexpr ShippedHeader headers[] = {\n")
foreach(header IN LISTS headers)
    file(READ ${SOURCE}/${header} content)
    string(APPEND text "{\"${header}\", R\"header(${content})header\"},\n")
endforeach()
string(APPEND text "};\nstd::span<const ShippedHeader> shipped_headers() { return headers; }\n}  // namespace noisetrap\n")
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "${text}" @ONLY)
