#include "engine/runs/summary_jobs.hpp"

#include <algorithm>
#include <cstring>

namespace noisetrap {
namespace {

/// Where the parts of the results lie: the number of pages, counts, moments and joint moments.
struct Results {
    std::size_t counts = sizeof(std::uint64_t), moments, joint, end;
};

Results places(std::uint64_t counts, std::uint64_t moments, std::uint64_t joint) {
    Results r;
    r.moments = r.counts + counts * sizeof(std::uint64_t);
    r.joint = r.moments + moments * sizeof(Moments);
    r.end = r.joint + joint * sizeof(JointMoments);
    return r;
}

std::uint64_t blocks_of(std::uint64_t paths) { return (paths + row_block - 1) / row_block; }

template <class T>
void append(std::vector<std::byte>& bytes, const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);
    const auto more = std::as_bytes(std::span(values));
    bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Values out of bytes that were brought.
template <class T>
std::vector<T> values(const std::byte* from, std::size_t count) {
    std::vector<T> all(count);
    if (count > 0) std::memcpy(all.data(), from, count * sizeof(T));
    return all;
}

}  // namespace

void SummaryJobs::add(const Reduction& r, const Moments&) {
    const auto number = number_of(s_.observe, r.column) + r.watch;
    moments_.push_back({number, r.reading, 0, false});
}

void SummaryJobs::add(const Reduction& r, const ColumnSummary& empty) {
    const auto number = number_of(s_.observe, r.column) + r.watch;
    moments_.push_back({number, r.reading, counts_, true});
    counts_ += 3;
    if (r.sketch) counting_.push_back({number, r.reading, tables_++, 0, 0, 0});
    for (const auto& bins : empty.bins) {
        counting_.push_back({number, r.reading, CountJob::no_table, static_cast<std::uint32_t>(edges_.size()),
                             static_cast<std::uint32_t>(bins.edges.size()), counts_});
        edges_.insert(edges_.end(), bins.edges.begin(), bins.edges.end());
        counts_ += static_cast<std::uint32_t>(bins.counts.size());
    }
}

SummaryJobs::SummaryJobs(const Simulation& s) : s_(s) {
    const auto empty = empty_summary(s);
    for_each_reduction(s, [&](const Reduction& reduction, auto of) { add(reduction, of(empty)); });
}

SummaryJobs::Sizes SummaryJobs::sizes(std::uint64_t ensembles, std::uint64_t paths) const {
    constexpr auto all_pages = static_cast<std::uint64_t>(Sketch::pages);
    const auto blocks = blocks_of(paths);
    const auto at = places(ensembles * counts_, ensembles * moments_.size() * blocks,
                           is_joint() ? ensembles * blocks : 0);
    return {.results = at.end,
            .counts = at.moments,
            .tables = ensembles * tables_ * all_pages * (Sketch::page_size * sizeof(std::uint32_t) + 1),
            .pages = ensembles * tables_ * std::min(paths, all_pages) * sizeof(SketchPage)};
}

std::vector<std::byte> SummaryJobs::input() const {
    std::vector<std::byte> bytes;
    append(bytes, moments_);
    append(bytes, counting_);
    append(bytes, edges_);
    return bytes;
}

SummaryLaunch SummaryJobs::launch(const Launch& launch, const double* numbers, const void* input,
                                  void* results, void* tables, void* pages) const {
    const auto& o = s_.observe;
    const auto ensembles = launch.ensembles, blocks = blocks_of(launch.paths);
    const auto at = places(ensembles * counts_, ensembles * moments_.size() * blocks, 0);
    const auto* const jobs = static_cast<const std::byte*>(input);
    const auto* const counting = jobs + moments_.size() * sizeof(MomentJob);
    const auto* const edges = counting + counting_.size() * sizeof(CountJob);
    auto* const bytes = static_cast<std::byte*>(results);
    auto* const buckets = static_cast<std::uint32_t*>(tables);
    const auto of = [&](Column column) { return number_of(o, column); };
    return {
        .moment_jobs = reinterpret_cast<const MomentJob*>(jobs),
        .count_jobs = reinterpret_cast<const CountJob*>(counting),
        .edges = reinterpret_cast<const double*>(edges),
        .moment_jobs_count = static_cast<std::uint32_t>(moments_.size()),
        .count_jobs_count = static_cast<std::uint32_t>(counting_.size()),
        .tables = tables_,
        .counts = counts_,
        .is_joint = is_joint(),
        .has_exits = o.exit != ExitWatch::none,
        .joint_numbers = {of(Column::log_growth), of(Column::noise_sum), of(Column::noise_squares)},
        .exit_number = of(Column::exit_step),
        .steps = s_.steps,
        .watched = o.steps.empty() ? 0 : o.steps.back(),
        .numbers = numbers,
        .ensembles = ensembles,
        .paths = launch.paths,
        .blocks = blocks,
        .pages_used = reinterpret_cast<std::uint64_t*>(bytes),
        .counted = reinterpret_cast<std::uint64_t*>(bytes + at.counts),
        .moments = reinterpret_cast<Moments*>(bytes + at.moments),
        .joint = reinterpret_cast<JointMoments*>(bytes + at.joint),
        .buckets = buckets,
        .used = reinterpret_cast<unsigned char*>(
            buckets + ensembles * tables_ * static_cast<std::uint64_t>(Sketch::pages * Sketch::page_size)),
        .pages = static_cast<SketchPage*>(pages)};
}

std::uint64_t SummaryJobs::pages_used(const std::byte* results) {
    return values<std::uint64_t>(results, 1).front();
}

std::uint64_t SummaryJobs::path_steps(const Launch& launch, const std::byte* results) const {
    if (!s_.observe.ends_at_exit()) return launch.rows() * launch.steps;
    const auto counts = values<std::uint64_t>(results + Results{}.counts, launch.ensembles * counts_);
    std::uint64_t sum = 0;
    for (std::uint64_t g = 0; g < launch.ensembles; ++g) sum += counts[g * counts_ + 2];
    return sum;
}

namespace {

/// Puts counts where they belong, in the order in which their places were given.
class CountReader {
    const std::uint64_t* next_;
    std::vector<const SketchPage*>::const_iterator page_, end_;
    std::uint32_t table_;

  public:
    CountReader(const std::uint64_t* counts, const std::vector<const SketchPage*>& pages, std::uint32_t table)
        : next_(counts),
          page_(std::lower_bound(pages.begin(), pages.end(), table,
                                 [](const SketchPage* page, std::uint32_t t) { return page->table < t; })),
          end_(pages.end()),
          table_(table) {}

    void put(const Reduction&, Moments&) const {}
    void put(const Reduction& reduction, ColumnSummary& into) {
        into.not_a_number = *next_++;
        into.plus_infinite = *next_++;
        into.minus_infinite = *next_++;
        for (auto& bins : into.bins)
            for (auto& count : bins.counts) count = *next_++;
        if (!reduction.sketch) return;
        for (; page_ != end_ && (*page_)->table == table_; ++page_)
            into.sketch.add_page((*page_)->page, (*page_)->counts);
        ++table_;
    }
};

}  // namespace

std::vector<PartSummary> SummaryJobs::parts(const Launch& launch, const std::byte* results,
                                            const SketchPage* pages) const {
    const auto ensembles = launch.ensembles, blocks = blocks_of(launch.paths),
               singles = moments_.size() * blocks;
    const auto at = places(ensembles * counts_, ensembles * singles, 0);
    const auto counts = values<std::uint64_t>(results + at.counts, ensembles * counts_);
    std::vector<const SketchPage*> in_order(pages_used(results));
    for (std::size_t i = 0; i < in_order.size(); ++i) in_order[i] = pages + i;
    std::sort(in_order.begin(), in_order.end(), [](const SketchPage* a, const SketchPage* b) {
        return std::pair(a->table, a->page) < std::pair(b->table, b->page);
    });
    std::vector<PartSummary> parts;
    for (std::uint64_t g = 0; g < ensembles; ++g) {
        PartSummary part{empty_summary(s_), {}, launch.paths};
        const auto* const own = &counts[g * counts_];
        part.counts.passage.upper = own[0];
        part.counts.passage.lower = own[1];
        CountReader reader(own + 3, in_order, static_cast<std::uint32_t>(g * tables_));
        for_each_reduction(
            s_, [&](const Reduction& reduction, auto of) { reader.put(reduction, of(part.counts)); });
        part.blocks.single = values<Moments>(results + at.moments + g * singles * sizeof(Moments), singles);
        if (is_joint())
            part.blocks.joint =
                values<JointMoments>(results + at.joint + g * blocks * sizeof(JointMoments), blocks);
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace noisetrap
