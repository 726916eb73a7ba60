#include "engine/noise/sample_source.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

using namespace noisetrap;

/// Sample by sample what `paths` paths take in the first steps, W lanes at a time.
template <int W>
static std::vector<std::uint32_t> taken(const SampleRule& rule, int paths, std::uint64_t steps) {
    SampleSource<W> source(7);
    std::vector<std::uint32_t> all;
    for (int first = 0; first < paths; first += W) {
        for (int k = 0; k < W; ++k) source.set(k, static_cast<std::uint64_t>(first + k));
        std::vector<std::vector<std::uint32_t>> of_lane(W);
        SliceSamples<W> samples(source, rule, 0);
        for (std::uint64_t n = 0; n < steps; ++n) {
            samples.begin(n);
            for (std::uint32_t place = 0; place < rule.batch; ++place) {
                samples.take(place);
                for (std::size_t k = 0; k < W; ++k) of_lane[k].push_back(samples.index[k]);
            }
        }
        for (const auto& lane : of_lane) all.insert(all.end(), lane.begin(), lane.end());
    }
    return all;
}

TEST_CASE("Samples are a function of path and step, whatever goes through a slice together", "[bytes]") {
    for (const auto order :
         {SampleOrder::with_replacement, SampleOrder::without_replacement, SampleOrder::reshuffled}) {
        const SampleRule rule{Shuffle::of(13), 3, order};
        CHECK(taken<16>(rule, 32, 20) == taken<1>(rule, 32, 20));
    }
}

TEST_CASE("A batch without replacement holds no sample twice") {
    const auto all = taken<16>({Shuffle::of(13), 5, SampleOrder::without_replacement}, 16, 40);
    for (std::size_t i = 0; i < all.size(); i += 5)
        CHECK(std::set<std::uint32_t>(all.begin() + static_cast<long>(i),
                                      all.begin() + static_cast<long>(i + 5))
                  .size() == 5);
}

TEST_CASE("Reshuffled samples come once each before any comes again, in another order") {
    // Batches of 5 run on from one order of the 13 samples to the next.
    const auto all = taken<16>({Shuffle::of(13), 5, SampleOrder::reshuffled}, 16, 26);
    std::set<std::vector<std::uint32_t>> orders;
    for (std::size_t i = 0; i < all.size(); i += 13) {
        const std::vector<std::uint32_t> order(all.begin() + static_cast<long>(i),
                                               all.begin() + static_cast<long>(i + 13));
        CHECK(std::set<std::uint32_t>(order.begin(), order.end()).size() == 13);
        orders.insert(order);
    }
    CHECK(orders.size() == all.size() / 13);
}

TEST_CASE("Samples with replacement are equally likely") {
    // chi^2 of 7 samples from 16 x 3000 draws: 6 degrees of freedom, whose 1 - 6e-5 quantile is 29.
    const auto all = taken<16>({Shuffle::of(7), 1, SampleOrder::with_replacement}, 16, 3000);
    std::vector<double> counts(7);
    for (const auto i : all) ++counts.at(i);
    double chi = 0;
    const double expected = static_cast<double>(all.size()) / 7;
    for (const double n : counts) chi += (n - expected) * (n - expected) / expected;
    CHECK(chi < 29);
}
