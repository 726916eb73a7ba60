// Summaries compared bit for bit.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/runs/summarise.hpp"

/// Every number of a summary, bit for bit.
inline std::vector<std::uint64_t> bits(const noisetrap::EnsembleSummary& summary) {
    std::vector<std::uint64_t> all;
    const auto add = [&](auto x) {
        std::uint64_t word = 0;
        std::memcpy(&word, &x, sizeof x);
        all.push_back(word);
    };
    const auto add_column = [&](const noisetrap::ColumnSummary& c) {
        for (double x : {c.moments.mean, c.moments.m2, c.moments.m3, c.moments.m4}) add(x);
        for (auto n : {c.moments.count, c.not_a_number, c.plus_infinite, c.minus_infinite, c.sketch.total()})
            add(n);
        for (int percent : {1, 50, 99}) add(c.sketch.at(c.sketch.total() * percent / 100));
        for (const auto& bins : c.bins)
            for (auto n : bins.counts) add(n);
    };
    for (const auto& at : summary.times) {
        add_column(at.value);
        add_column(at.log_abs);
    }
    add_column(summary.log_growth);
    add_column(summary.passage.steps);
    add(summary.passage.restricted.mean);
    add(summary.passage.restricted.m4);
    add(summary.passage.upper);
    add(summary.growth_and_noise.count);
    for (const double x : summary.growth_and_noise.mean) add(x);
    for (const double x : summary.growth_and_noise.product) add(x);
    add(summary.passage.lower);
    add_column(summary.log_largest);
    add_column(summary.steps_inside);
    for (const auto& column : summary.log_stretches) add_column(column);
    return all;
}
