// One thread, forwards or backwards: nothing may depend on it.
#pragma once

#include "engine/statistics/workers.hpp"

namespace noisetrap {

class InOrder : public Workers {
    bool backwards_;

  public:
    explicit InOrder(bool backwards = false) : backwards_(backwards) {}
    int threads() const override { return 1; }
    void for_each(int count, const std::function<void(int)>& f) override {
        for (int k = 0; k < count; ++k) f(backwards_ ? count - 1 - k : k);
    }
};

}  // namespace noisetrap
