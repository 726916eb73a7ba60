// Where lanes that part at a branch meet again: at the branch's immediate postdominator.
#include <algorithm>

#include "program.hpp"

namespace ptxhost {
namespace {

/// The flow of a function, from each block to those that may follow it. The end is one more block.
struct Flow {
    std::vector<std::vector<std::size_t>> to, from;
    std::size_t end;

    explicit Flow(const Function& function)
        : to(function.blocks.size() + 1), from(to.size()), end(function.blocks.size()) {
        for (std::size_t b = 0; b < end; ++b) {
            const Block& block = function.blocks[b];
            if (block.returns) {
                join(b, end);
                continue;
            }
            if (block.branches) join(b, static_cast<std::size_t>(block.target));
            if (!block.always_branches) join(b, static_cast<std::size_t>(block.next));
        }
    }
    void join(std::size_t before, std::size_t after) {
        to[before].push_back(after);
        from[after].push_back(before);
    }

    /// All blocks from which the end is reached, each after those that lead to it.
    std::vector<std::size_t> backwards() const {
        std::vector<std::size_t> order;
        std::vector<std::pair<std::size_t, std::size_t>> stack{{end, 0}};  // block, its next predecessor
        std::vector<bool> seen(to.size());
        seen[end] = true;
        while (!stack.empty()) {
            auto& [block, next] = stack.back();
            if (next == from[block].size()) {
                order.push_back(block);
                stack.pop_back();
                continue;
            }
            const auto before = from[block][next++];
            if (!seen[before]) stack.emplace_back(before, 0);
            seen[before] = true;
        }
        return order;
    }
};

constexpr std::size_t unknown = ~std::size_t{0};

/// Immediate postdominators by the iteration of Cooper, Harvey and Kennedy, on the reversed flow.
std::vector<std::size_t> postdominators(const Flow& flow) {
    const auto order = flow.backwards();
    std::vector<std::size_t> place(flow.to.size()), meet(flow.to.size(), unknown);
    for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    const auto common = [&](std::size_t x, std::size_t y) {
        while (x != y) {
            while (place[x] < place[y]) x = meet[x];
            while (place[y] < place[x]) y = meet[y];
        }
        return x;
    };
    meet[flow.end] = flow.end;
    for (bool changed = true; changed;) {
        changed = false;
        for (auto block = order.rbegin() + 1; block != order.rend(); ++block) {
            std::size_t best = unknown;
            for (const auto after : flow.to[*block])
                if (meet[after] != unknown) best = best == unknown ? after : common(after, best);
            changed |= best != meet[*block];
            meet[*block] = best;
        }
    }
    return meet;
}

}  // namespace

void find_meeting_points(Function& function) {
    const int end = static_cast<int>(function.blocks.size());
    for (auto& block : function.blocks)
        if (block.next < 0) block.next = end;
    const auto meet = postdominators(Flow(function));
    for (std::size_t b = 0; b < function.blocks.size(); ++b)
        function.blocks[b].meet = meet[b] == unknown ? end : static_cast<int>(meet[b]);
}

}  // namespace ptxhost
