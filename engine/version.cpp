#include "engine/version.hpp"

#include "revision.hpp"

namespace noisetrap {

const char* version() { return NOISETRAP_VERSION; }
const char* revision() { return NOISETRAP_REVISION; }
const char* build_type() { return NOISETRAP_BUILD_TYPE; }

}  // namespace noisetrap
