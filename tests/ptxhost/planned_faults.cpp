#include "planned_faults.hpp"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <vector>

namespace ptxhost {
namespace {

struct Plan {
    std::string entry;
    long first = 0, calls = 0;
    int error = 0;
    bool for_good = false;

    explicit Plan(const std::string& text) {
        const auto one = text.find(':'), two = text.find(':', one + 1);
        if (one == text.npos || two == text.npos) give_up("PTXHOST_FAIL is ENTRY:NUMBER:ERROR, not " + text);
        entry = text.substr(0, one);
        first = std::atol(text.c_str() + one + 1);
        for_good = text[two - 1] == '+';
        error = std::atoi(text.c_str() + two + 1);
    }
    bool means(const std::string& called) const {
        return entry == called || (entry == "any" && called != "kernel");
    }
    bool strikes() {
        ++calls;
        return for_good ? calls >= first : calls == first;
    }
};

std::vector<Plan> plans_given() {
    std::vector<Plan> plans;
    const char* const given = std::getenv("PTXHOST_FAIL");
    std::istringstream text(given ? given : "");
    for (std::string one; std::getline(text, one, ',');) plans.emplace_back(one);
    return plans;
}

}  // namespace

int planned_fault(const std::string& entry) {
    static std::mutex mutex;
    static auto plans = plans_given();
    const std::lock_guard lock(mutex);
    for (auto& plan : plans)
        if (plan.means(entry) && plan.strikes()) return plan.error;
    return 0;
}

void log(const std::string& line) {
    static const char* const path = std::getenv("PTXHOST_LOG");
    static std::FILE* const file = path ? std::fopen(path, "a") : nullptr;
    if (!file) return;
    std::fputs((line + "\n").c_str(), file);
    std::fflush(file);
}

void give_up(const std::string& why) {
    std::fprintf(stderr, "ptxhost: %s\n", why.c_str());
    std::fflush(nullptr);
    constexpr int internal_error = 70;  // EX_SOFTWARE of sysexits.h
    std::_Exit(internal_error);
}

}  // namespace ptxhost
