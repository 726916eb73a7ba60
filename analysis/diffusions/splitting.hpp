// Odds that are too small to wait for, by adaptive multilevel splitting (Cerou and Guyader 2007): of a family of walks those
// that have come least far die, and are born again where others passed the place that they had come to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/diffusions/draws.hpp"

namespace noisetrap {

/// An estimate without bias of the odds that a walk from `start` is at `high` or above before it is at `low` or below
/// (Brehier, Gazeau, Goudenege, Lelievre and Rousset 2016). step(y, draws) is the next place. How far a walk has come is the
/// highest of its places, and no crossing between them counts: a level must be a function of stored places, as walks are
/// taken up again there. The relative deviation is about sqrt(-log P/walks), where a plain mean has sqrt(1/(P walks)).
template <class Step>
double odds_by_splitting(const Step& step, double start, double low, double high, std::size_t walks,
                         std::uint64_t seed) {
    using Records = std::vector<double>;  // the places where a walk was higher than ever before, as they came
    std::uint64_t path = 0;
    const auto finish = [&](Records& records) {
        PathDraws draws(seed, path++);
        for (double y = records.back(); y > low && y < high;) {
            y = step(y, draws);
            if (y > records.back()) records.push_back(y);
        }
    };
    std::vector<Records> family(walks, {start});
    for (auto& records : family) finish(records);
    PathDraws choice(seed, ~std::uint64_t{0});
    const auto lower = [](const Records& a, const Records& b) { return a.back() < b.back(); };
    for (double odds = 1;;) {
        const double level = std::min_element(family.begin(), family.end(), lower)->back();
        if (level >= high) return odds;
        // All that came no farther die, so that ties leave no bias.
        const auto living = std::partition(family.begin(), family.end(),
                                           [&](const Records& records) { return records.back() > level; });
        const auto alive = static_cast<std::size_t>(living - family.begin());
        if (alive == 0) return 0;
        odds *= static_cast<double>(alive) / static_cast<double>(walks);
        for (auto dead = living; dead != family.end(); ++dead) {
            const auto parent = static_cast<std::size_t>(choice.uniform() * static_cast<double>(alive));
            const auto& of_parent = family[std::min(parent, alive - 1)];
            const auto beyond = std::upper_bound(of_parent.begin(), of_parent.end(), level);
            Records records(of_parent.begin(), beyond + 1);
            finish(records);
            *dead = std::move(records);
        }
    }
}

}  // namespace noisetrap
