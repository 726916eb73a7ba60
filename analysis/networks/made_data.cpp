#include "analysis/networks/made_data.hpp"

#include <cmath>

#include "engine/noise/variates.hpp"

namespace noisetrap {

Table sequences(std::size_t samples, std::size_t length, double signal, double memory, std::uint64_t seed,
                StopToken stop) {
    Table table;
    table.columns = length + 1;
    table.values.reserve(samples * table.columns);
    double squares = 0;
    for (std::size_t k = 0; k < length; ++k) squares += std::pow(memory, 2 * static_cast<double>(k));
    for (std::size_t i = 0; i < samples; ++i) {
        stop.check();
        double sum = 0;
        for (std::size_t t = 0; t < length; ++t) {
            const double x = normal_of<double>(seed, Stream::start, i * length + t);
            sum = memory * sum + x;
            table.values.push_back(x);
        }
        table.values.push_back(signal * sum / std::sqrt(squares));
    }
    return table;
}

namespace {

double answer(const Teacher& teacher, const double* unit, const double* x) {
    double sum = 0;
    for (std::size_t k = 0; k < teacher.units; ++k, unit += teacher.dimension + 2) {
        double inner = teacher.bias ? unit[teacher.dimension] : 0;
        for (std::size_t j = 0; j < teacher.dimension; ++j) inner += unit[j] * x[j];
        sum += unit[teacher.dimension + 1] * noisetrap::tanh(inner);
    }
    return sum;
}

}  // namespace

Table Teacher::table(StopToken stop) const {
    Table table;
    table.columns = dimension + 1;
    table.values.reserve(samples * table.columns);
    std::uint64_t drawn = 0;
    const auto normal = [&] { return normal_of<double>(seed, Stream::start, drawn++); };
    std::vector<double> weights, answers;
    for (std::size_t k = 0; k < units * (dimension + 2); ++k) {
        if (k % dimension == 0) stop.check();
        weights.push_back(normal());
    }
    for (std::size_t i = 0; i < samples; ++i) {
        stop.check();
        for (std::size_t j = 0; j < dimension; ++j) table.values.push_back(normal());
        const double* x = table.values.data() + i * table.columns;
        answers.push_back(answer(*this, weights.data(), x));
        table.values.push_back(0);
    }
    const auto n = static_cast<double>(samples);
    double mean = 0, variance = 0;
    for (const double y : answers) mean += y / n;
    for (const double y : answers) variance += (y - mean) * (y - mean) / n;
    for (std::size_t i = 0; i < samples; ++i)
        table.values[i * table.columns + dimension] = (answers[i] - mean) / std::sqrt(variance);
    return table;
}

}  // namespace noisetrap
