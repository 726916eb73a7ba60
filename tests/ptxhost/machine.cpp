// Runs programs: the lanes of a block in step, parting at branches and meeting again, as on a device.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include "program.hpp"

namespace ptxhost {

int fill_byte() {
    static const char* const given = std::getenv("PTXHOST_FILL");
    static const int byte = given ? static_cast<int>(std::strtol(given, nullptr, 0) & 0xff) : 0xdb;
    return byte;
}

Machine::Machine(const Program& program, const Ranges& memory)
    : memory_(memory), local_bytes_((program.local_bytes() + 7) / 8 * 8) {
    const auto allocate = [](std::size_t bytes) {
        bytes = (bytes + 63) / 64 * 64;
        void* const p = std::aligned_alloc(64, bytes);
        if (!p) throw std::bad_alloc();
        std::memset(p, fill_byte(), bytes);
        return static_cast<unsigned char*>(p);
    };
    registers_ = allocate(program.register_bytes());
    local_ = allocate(std::size_t{local_bytes_} * lanes);
    program.fill_constants(registers_);
}
Machine::~Machine() {
    std::free(registers_);
    std::free(local_);
}

unsigned char* Machine::at(std::uint64_t address, std::uint32_t bytes, int lane) {
    if (is_local(address, bytes)) return local(lane, static_cast<std::uint32_t>(address - local_window));
    const auto inside = [&](const Range& r) {
        return address - r.address < r.size && r.size - (address - r.address) >= bytes;
    };
    if (last_ < memory_.size() && inside(memory_[last_]))
        return memory_[last_].bytes + (address - memory_[last_].address);
    const auto after = std::upper_bound(memory_.begin(), memory_.end(), address,
                                        [](std::uint64_t a, const Range& r) { return a < r.address; });
    if (after == memory_.begin() || !inside(after[-1])) throw Fault(700, "illegal address");
    last_ = static_cast<std::size_t>(after - memory_.begin()) - 1;
    return memory_[last_].bytes + (address - memory_[last_].address);
}

/// Eight bytes that are 0 or 1 to eight bits, and back.
static Mask to_bits(const unsigned char* bytes) {
    Mask all = 0;
    for (int k = 0; k < lanes / 8; ++k) {
        std::uint64_t eight;
        std::memcpy(&eight, bytes + 8 * k, 8);
        all |= (eight & 0x0101010101010101) * 0x0102040810204080 >> 56 << (8 * k);
    }
    return all;
}
void Machine::activate(Mask which) {
    if (which == mask) return;
    mask = which;
    for (int l = 0; l < lanes; ++l) active[l] = which >> l & 1;
}

/// Lanes that go on at `block` until they come to `until`.
struct Machine::Way {
    int block, until;
    Mask who;
};

void Machine::execute(const Function& function, const Block& block, bool all) {
    for (const Instruction& instruction : block.instructions) try {
            (all ? instruction.for_all : instruction.for_some)(*this, instruction);
        } catch (const Fault& fault) {
            throw Fault(fault.code, std::string(fault.what()) + " in line " +
                                        std::to_string(instruction.line) + " of " + function.name);
        }
}

/// Those of `who` that take the branch at the end of the block.
Mask Machine::takers(const Block& block, Mask who) const {
    if (!block.branches) return 0;
    const Mask taken = to_bits(registers_ + block.predicate);
    return who & (block.negated ? ~taken : taken);
}

/// Sends the lanes of the last way on from the end of `block`. Where they part there are a way for each side, up to
/// where both meet, and below them the way on from there.
void Machine::leave(const Block& block, std::vector<Way>& ways) const {
    const Way way = ways.back();
    const Mask taken = takers(block, way.who), others = way.who & ~taken;
    if (taken == 0 || others == 0) {
        ways.back().block = taken ? block.target : block.next;
        return;
    }
    if (block.meet == way.until)
        ways.pop_back();
    else
        ways.back().block = block.meet;
    if (block.next != block.meet) ways.push_back({block.next, block.meet, others});
    if (block.target != block.meet) ways.push_back({block.target, block.meet, taken});
}

void Machine::run(const Function& function, Mask who) {
    const Mask before = mask;
    std::vector<Way> ways{{0, static_cast<int>(function.blocks.size()), who}};
    while (!ways.empty()) {
        const Way way = ways.back();
        if (way.block == way.until || way.who == 0) {
            ways.pop_back();
            continue;
        }
        activate(way.who);
        const Block& block = function.blocks[static_cast<std::size_t>(way.block)];
        execute(function, block, way.who == ~Mask{0});
        if (block.returns)
            for (Way& each : ways) each.who &= ~way.who;
        else
            leave(block, ways);
    }
    activate(before);
}

/// Threads of a grid, `lanes` of one block at a time, dealt out to the processors.
class Grid {
    const Program& program_;
    const Size grid_, block_;
    const std::vector<std::vector<unsigned char>>& parameters_;
    const Ranges& memory_;
    const std::uint64_t per_block_, batches_;
    std::atomic<std::uint64_t> next_ = 0;
    std::exception_ptr thrown_;
    std::mutex mutex_;

    void set_parameters(Machine& machine) const {
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            const auto& place = program_.kernel().parameters[p];
            for (int lane = 0; lane < lanes; ++lane)
                for (std::uint32_t b = 0; b < place.size; ++b)
                    *machine.local(lane, place.offset + b) = parameters_[p][b];
        }
    }
    static void set(Machine& machine, int lane, Special first, std::uint64_t x, std::uint64_t y,
                    std::uint64_t z) {
        for (const auto value : {x, y, z}) {
            machine.registers<std::uint32_t>(place_of(first))[lane] = static_cast<std::uint32_t>(value);
            first = static_cast<Special>(first + 1);
        }
    }
    void set_places(Machine& machine, std::uint64_t batch) const {
        const std::uint64_t b = batch / per_block_, first = batch % per_block_ * lanes;
        for (int lane = 0; lane < lanes; ++lane) {
            const std::uint64_t t = first + static_cast<std::uint64_t>(lane);
            set(machine, lane, tid_x, t % block_.x, t / block_.x % block_.y, t / block_.x / block_.y);
            set(machine, lane, ntid_x, block_.x, block_.y, block_.z);
            set(machine, lane, ctaid_x, b % grid_.x, b / grid_.x % grid_.y, b / grid_.x / grid_.y);
            set(machine, lane, nctaid_x, grid_.x, grid_.y, grid_.z);
        }
    }
    Mask threads_of(std::uint64_t batch) const {
        const std::uint64_t left = block_.all() - batch % per_block_ * lanes;
        return left >= lanes ? ~Mask{0} : (Mask{1} << left) - 1;
    }
    void work() {
        Machine machine(program_, memory_);
        set_parameters(machine);
        for (std::uint64_t batch; (batch = next_.fetch_add(1)) < batches_;) {
            set_places(machine, batch);
            machine.run(program_.kernel(), threads_of(batch));
        }
    }
    void work_and_keep_what_is_thrown() {
        try {
            work();
        } catch (...) {
            next_ = batches_;  // the others stop as well
            const std::lock_guard lock(mutex_);
            if (!thrown_) thrown_ = std::current_exception();
        }
    }

  public:
    Grid(const Program& program, Size grid, Size block,
         const std::vector<std::vector<unsigned char>>& parameters, const Ranges& memory)
        : program_(program),
          grid_(grid),
          block_(block),
          parameters_(parameters),
          memory_(memory),
          per_block_((block.all() + lanes - 1) / lanes),
          batches_(grid.all() * per_block_) {}

    void run() {
        const std::uint64_t most = std::max(1u, std::thread::hardware_concurrency());
        std::vector<std::thread> others;
        for (std::uint64_t i = 1; i < std::min(most, batches_); ++i)
            others.emplace_back([this] { work_and_keep_what_is_thrown(); });
        work_and_keep_what_is_thrown();
        for (auto& thread : others) thread.join();
        if (thrown_) std::rethrow_exception(thrown_);
    }
};

void launch(const Program& program, Size grid, Size block,
            const std::vector<std::vector<unsigned char>>& parameters, const Ranges& memory) {
    Grid(program, grid, block, parameters, memory).run();
}

}  // namespace ptxhost
