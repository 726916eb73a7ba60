# Writes OUTPUT, a C++ unit that holds the data set of digits as text, from Debian's python3-sklearn or from what
# SOURCE names; without it, or where it is not the file that is meant, the text is empty.
set(text "")
if(EXISTS "${SOURCE}")
    execute_process(COMMAND gzip -dc "${SOURCE}" OUTPUT_VARIABLE text RESULT_VARIABLE failed)
    string(SHA256 hash "${text}")
    if(failed OR NOT hash STREQUAL "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8")
        message(WARNING "${SOURCE} is not the data set of digits that is meant: the program goes without it")
        set(text "")
    endif()
endif()
# A string literal holds 65536 characters everywhere.
string(LENGTH "${text}" length)
set(literals "\"\"")
foreach(begin RANGE 0 ${length} 60000)
    string(SUBSTRING "${text}" ${begin} 60000 part)
    string(APPEND literals "\nR\"digits(${part})digits\"")
endforeach()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT "// Written by cmake/Digits.cmake.
#include \"analysis/networks/digits.hpp\"

namespace noisetrap {
std::string_view digits_text() { return {${literals}}; }
}  // namespace noisetrap
")
