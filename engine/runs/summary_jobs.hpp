// How the rows of a launch are summarised where they lie: by jobs that know nothing of each other. A device does each in
// a thread, through Thrust; tests do them on the host. The formulas are those of the host's own summaries. Counts are
// integers, which are added by atomic operations in whatever order, and moments are those of blocks of rows, which the
// host merges one after the other. So the bytes are the host's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/numbers/hd.hpp"
#include "engine/paths/launch.hpp"
#include "engine/runs/summarise.hpp"
#include "engine/statistics/row_formulas.hpp"

namespace noisetrap {

/// A number of each row whose moments are taken.
struct MomentJob {
    std::uint64_t number;  // which number of a row
    RowReading reading;
    std::uint32_t counts;  // where the counts of its rows begin that are NaN, infinite, and minus infinite
    bool counted;          // else nobody asks for them
};

/// A number of each row that is counted in a table of buckets, or between edges.
struct CountJob {
    static constexpr std::uint32_t no_table = ~0u;
    std::uint64_t number;
    RowReading reading;
    std::uint32_t table;  // of the ensemble
    std::uint32_t first_edge, edges, counts;
};

/// A page of a table in which something was counted.
struct SketchPage {
    std::uint32_t table, page;
    std::uint32_t counts[Sketch::page_size];
};

/// A launch to be summarised: pointers into memory of whoever does the jobs.
struct SummaryLaunch {
    // What is asked.
    const MomentJob* moment_jobs;
    const CountJob* count_jobs;
    const double* edges;
    std::uint32_t moment_jobs_count, count_jobs_count, tables, counts;  // the last two of an ensemble
    bool is_joint, has_exits;
    std::uint64_t joint_numbers[joint_columns], exit_number;
    std::uint64_t steps, watched;  // the last step, and the last that is observed
    // Of what.
    const double* numbers;  // [number of a row][row]
    std::uint64_t ensembles, paths, blocks;
    // What becomes of it.
    std::uint64_t *pages_used, *counted;  // counted: [ensemble][place]
    Moments* moments;                     // [ensemble][job][block]
    JointMoments* joint;                  // [ensemble][block]
    std::uint32_t* buckets;  // [table][bucket], those of ensembles one after the other; zero between launches
    unsigned char* used;     // [table][page]
    SketchPage* pages;

    NOISETRAP_HD std::uint64_t rows() const { return ensembles * paths; }
    NOISETRAP_HD std::uint64_t all_tables() const { return ensembles * tables; }
    NOISETRAP_HD std::uint64_t block_jobs() const {
        return (moment_jobs_count + (is_joint ? 1 : 0) + (has_exits ? 1 : 0)) * ensembles * blocks;
    }
};

/// Adds n to what other threads add to as well, and returns what was there before.
template <class T>
NOISETRAP_HD T add_atomically(T* to, T n) {
#if defined(__CUDA_ARCH__)
    static_assert(sizeof(T) == sizeof(unsigned) || sizeof(T) == sizeof(unsigned long long));
    using Word = std::conditional_t<sizeof(T) == sizeof(unsigned), unsigned, unsigned long long>;
    return static_cast<T>(atomicAdd(reinterpret_cast<Word*>(to), static_cast<Word>(n)));
#else
    return __atomic_fetch_add(to, n, __ATOMIC_RELAXED);
#endif
}

/// Rows of one block, as they are read: all, or those that are finite.
struct ReadRows {
    const double* rows;
    std::uint64_t count;
    RowReading reading;
    bool all;
    template <class F>
    NOISETRAP_HD void operator()(F f) const {
        for (std::uint64_t i = 0; i < count; ++i)
            if (const double x = reading(rows[i]); all || is_finite(x)) f(0, x);
    }
};

/// Neighbouring rows of the columns that belong together.
struct ReadJointRows {
    const double* columns[joint_columns];
    std::uint64_t count;
    bool all;
    template <class F>
    NOISETRAP_HD void operator()(F f) const {
        for (std::uint64_t i = 0; i < count; ++i) {
            double row[joint_columns];
            for (std::size_t c = 0; c < joint_columns; ++c) row[c] = columns[c][i];
            if (all || is_finite(row[0])) f(row);
        }
    }
};

/// One job a call: first those of blocks of rows, which take long, then those of single rows.
class SummaryJob {
    SummaryLaunch l_;

    NOISETRAP_HD const double* rows(std::uint64_t number, std::uint64_t ensemble, std::uint64_t block) const {
        return l_.numbers + number * l_.rows() + ensemble * l_.paths + block * row_block;
    }
    NOISETRAP_HD std::uint64_t rows_of(std::uint64_t block) const {
        const std::uint64_t left = l_.paths - block * row_block;
        return left < row_block ? left : row_block;
    }
    NOISETRAP_HD std::uint64_t* counted(std::uint64_t ensemble, std::uint32_t place) const {
        return l_.counted + ensemble * l_.counts + place;
    }

    NOISETRAP_HD void count_others(const MomentJob& job, const ReadRows& all, std::uint64_t finite,
                                   std::uint64_t ensemble) const {
        std::uint64_t plus = 0, minus = 0;
        all([&](std::size_t, double x) NOISETRAP_INLINED {
            plus += !is_finite(x) && x > 0;
            minus += !is_finite(x) && x < 0;
        });
        auto* const at = counted(ensemble, job.counts);
        add_atomically(at, all.count - finite - plus - minus);
        add_atomically(at + 1, plus);
        add_atomically(at + 2, minus);
    }
    /// Of the finite rows; the others are looked for only where a sum is not finite.
    NOISETRAP_HD void moments(std::uint64_t job_number, std::uint64_t ensemble, std::uint64_t block) const {
        const auto& job = l_.moment_jobs[job_number];
        ReadRows read{rows(job.number, ensemble, block), rows_of(block), job.reading, true};
        Moments moments;
        moments_in_step<1>(read, read.count, &moments);
        if (!is_finite(moments.mean)) {
            std::uint64_t finite = 0;
            read([&](std::size_t, double x) NOISETRAP_INLINED { finite += is_finite(x); });
            if (job.counted && finite < read.count) count_others(job, read, finite, ensemble);
            read.all = false;
            moments = {};
            if (finite > 0) moments_in_step<1>(read, finite, &moments);
        }
        l_.moments[(ensemble * l_.moment_jobs_count + job_number) * l_.blocks + block] = moments;
    }
    NOISETRAP_HD void joint(std::uint64_t ensemble, std::uint64_t block) const {
        ReadJointRows read{{}, rows_of(block), true};
        for (std::size_t c = 0; c < joint_columns; ++c)
            read.columns[c] = rows(l_.joint_numbers[c], ensemble, block);
        auto moments = joint_moments(read, read.count);
        if (!is_finite(moments.mean[0])) {
            std::uint64_t finite = 0;
            read([&](const double* row) NOISETRAP_INLINED { finite += is_finite(row[0]); });
            read.all = false;
            moments = finite > 0 ? joint_moments(read, finite) : JointMoments{};
        }
        l_.joint[ensemble * l_.blocks + block] = moments;
    }
    NOISETRAP_HD void exits(std::uint64_t ensemble, std::uint64_t block) const {
        const double* const steps = rows(l_.exit_number, ensemble, block);
        Exits exits;
        for (std::uint64_t i = 0; i < rows_of(block); ++i) exits.add(steps[i], l_.watched, l_.steps);
        auto* const at = counted(ensemble, 0);
        add_atomically(at, exits.upper);
        add_atomically(at + 1, exits.lower);
        add_atomically(at + 2, exits.path_steps);
    }
    NOISETRAP_HD void count(const CountJob& job, std::uint64_t row) const {
        const double x = job.reading(l_.numbers[job.number * l_.rows() + row]);
        const std::uint64_t ensemble = row / l_.paths;
        if (x != x) return;
        if (job.table == CountJob::no_table) {
            std::size_t below[1] = {};
            edges_below(l_.edges + job.first_edge, job.edges, &x, below);
            add_atomically(counted(ensemble, job.counts) + below[0], std::uint64_t{1});
            return;
        }
        const auto bucket = static_cast<std::uint64_t>(Sketch::bucket(x));
        const auto first_page = (ensemble * l_.tables + job.table) * Sketch::pages;
        add_atomically(l_.buckets + first_page * Sketch::page_size + bucket, std::uint32_t{1});
        l_.used[first_page + bucket / Sketch::page_size] = 1;  // whoever writes it writes the same
    }

  public:
    explicit SummaryJob(const SummaryLaunch& launch) : l_(launch) {}
    /// How many there are.
    std::uint64_t jobs() const { return l_.block_jobs() + l_.count_jobs_count * l_.rows(); }

    NOISETRAP_HD void operator()(std::uint64_t i) const {
        if (i >= l_.block_jobs()) {
            i -= l_.block_jobs();
            return count(l_.count_jobs[i / l_.rows()], i % l_.rows());
        }
        const std::uint64_t block = i % l_.blocks, ensemble = i / l_.blocks % l_.ensembles,
                            job = i / l_.blocks / l_.ensembles;
        if (job < l_.moment_jobs_count)
            moments(job, ensemble, block);
        else if (l_.is_joint && job == l_.moment_jobs_count)
            joint(ensemble, block);
        else
            exits(ensemble, block);
    }
};

/// One page a call: takes it out of its table where something was counted there, and leaves zeros.
class PageJob {
    SummaryLaunch l_;

  public:
    explicit PageJob(const SummaryLaunch& launch) : l_(launch) {}
    std::uint64_t jobs() const { return l_.all_tables() * Sketch::pages; }

    NOISETRAP_HD void operator()(std::uint64_t i) const {
        if (!l_.used[i]) return;
        l_.used[i] = 0;
        auto& page = l_.pages[add_atomically(l_.pages_used, std::uint64_t{1})];
        page.table = static_cast<std::uint32_t>(i / Sketch::pages);
        page.page = static_cast<std::uint32_t>(i % Sketch::pages);
        auto* const buckets = l_.buckets + i * Sketch::page_size;
        for (std::int64_t k = 0; k < Sketch::page_size; ++k) {
            page.counts[k] = buckets[k];
            buckets[k] = 0;
        }
    }
};

/// The jobs of all launches of a run, and what becomes of what they bring.
class SummaryJobs {
    const Simulation& s_;
    std::vector<MomentJob> moments_;
    std::vector<CountJob> counting_;
    std::vector<double> edges_;
    std::uint32_t tables_ = 0, counts_ = 3;  // of an ensemble; the first three are those of Exits

    void add(const Reduction&, const Moments&);
    void add(const Reduction&, const ColumnSummary&);
    bool is_joint() const { return s_.observe.wants(Column::noise_sum); }

  public:
    explicit SummaryJobs(const Simulation&);

    /// Bytes of a launch.
    struct Sizes {
        std::size_t results;  // what comes back always
        std::size_t counts;   // the first of them, which are to be zero before
        std::size_t tables;   // zero before the first launch, and left so
        std::size_t pages;    // what comes back as far as it was used
        std::size_t all() const { return results + tables + pages; }
    };
    Sizes sizes(std::uint64_t ensembles, std::uint64_t paths) const;
    bool has_tables() const { return tables_ > 0; }

    /// What the jobs read beside rows, the same for all launches.
    std::vector<std::byte> input() const;
    /// A launch whose columns lie one after the other from `numbers` on.
    SummaryLaunch launch(const Launch&, const double* numbers, const void* input, void* results, void* tables,
                         void* pages) const;

    static std::uint64_t pages_used(const std::byte* results);
    /// The summary of each ensemble from what a launch has brought.
    std::vector<PartSummary> parts(const Launch&, const std::byte* results, const SketchPage* pages) const;
    std::uint64_t path_steps(const Launch&, const std::byte* results) const;
};

}  // namespace noisetrap
