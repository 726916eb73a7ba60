// A condition on input, said in a sentence.
#pragma once

#include <stdexcept>

namespace noisetrap {

inline void require(bool condition, const char* sentence) {
    if (!condition) throw std::domain_error(sentence);
}

}  // namespace noisetrap
