#pragma once

namespace noisetrap {

/// Release, git revision ("unknown" outside a checkout) and build type of the library.
const char* version();
const char* revision();
const char* build_type();

}  // namespace noisetrap
