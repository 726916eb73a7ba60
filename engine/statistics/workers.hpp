// Threads of the host, whoever provides them.
#pragma once

#include <functional>

namespace noisetrap {

class Workers {
  public:
    virtual ~Workers() = default;
    virtual int threads() const = 0;
    /// f(0), ..., f(count - 1), in parallel where there are threads; throws what one of them throws.
    virtual void for_each(int count, const std::function<void(int)>& f) = 0;
};

}  // namespace noisetrap
