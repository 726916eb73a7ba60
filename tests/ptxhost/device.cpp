#include "device.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>

#include "planned_faults.hpp"

namespace ptxhost {

static std::uint64_t memory_given() {
    const char* const given = std::getenv("PTXHOST_MEMORY");
    return given ? std::strtoull(given, nullptr, 0) : std::uint64_t{8} << 30;
}

/// Room for the addresses of one device.
static constexpr std::uint64_t device_window = std::uint64_t{1} << 40;

Device::Device(int n)
    : next_address_(global_window + static_cast<std::uint64_t>(n) * device_window),
      number(n),
      total(memory_given()) {}

std::uint64_t Device::free_bytes() {
    const std::lock_guard lock(mutex_);
    return total - used_;
}

cudaError_t Device::allocate(std::size_t bytes, std::uint64_t& address) {
    const std::lock_guard lock(mutex_);
    if (bytes > total - used_) return cudaErrorMemoryAllocation;
    auto* const here = static_cast<unsigned char*>(std::malloc(bytes));
    if (!here) return cudaErrorMemoryAllocation;
    std::memset(here, fill_byte(), bytes);
    address = next_address_;
    constexpr std::size_t alignment = 256;
    next_address_ += (bytes / alignment + 2) * alignment;
    used_ += bytes;
    memory_[address] = {address, bytes, here};
    return cudaSuccess;
}

cudaError_t Device::free(std::uint64_t address) {
    finish();
    const std::lock_guard lock(mutex_);
    const auto found = memory_.find(address);
    if (found == memory_.end()) return cudaErrorInvalidValue;
    used_ -= found->second.size;
    std::free(found->second.bytes);
    memory_.erase(found);
    return broken_;
}

unsigned char* Device::find(const void* pointer, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto address = reinterpret_cast<std::uint64_t>(pointer);
    auto after = memory_.upper_bound(address);
    if (after == memory_.begin()) return nullptr;
    const Range& range = (--after)->second;
    const auto offset = address - range.address;
    return offset <= range.size && bytes <= range.size - offset ? range.bytes + offset : nullptr;
}

Ranges Device::all_memory() {
    const std::lock_guard lock(mutex_);
    Ranges all;
    for (const auto& [address, range] : memory_) all.push_back(range);
    return all;
}

void Device::enqueue(cudaStream_t stream, std::function<cudaError_t()> kernel) {
    const std::lock_guard lock(mutex_);
    queue_.emplace_back(stream, std::move(kernel));
    if (!started_) std::thread([this] { serve(); }).detach();  // ends with the process
    started_ = true;
    changed_.notify_all();
}

void Device::serve() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return !queue_.empty(); });
        const auto kernel = queue_.front().second;
        if (broken_ == cudaSuccess) {
            lock.unlock();
            const auto status = kernel();
            lock.lock();
            broken_ = status;
        }
        queue_.pop_front();
        changed_.notify_all();
    }
}

cudaError_t Device::finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.empty(); });
    return broken_;
}

bool Device::busy(cudaStream_t stream) {
    const std::lock_guard lock(mutex_);
    return std::any_of(queue_.begin(), queue_.end(),
                       [&](const auto& entry) { return entry.first == stream; });
}

cudaError_t Device::state() {
    const std::lock_guard lock(mutex_);
    return broken_;
}

int devices() {
    static const char* const given = std::getenv("PTXHOST_DEVICES");
    static const int all = given ? std::atoi(given) : 1;
    return all;
}

Device& device(int number) {
    static const auto& all = *[] {
        auto* const made = new std::vector<std::unique_ptr<Device>>;
        for (int n = 0; n < devices(); ++n) made->push_back(std::make_unique<Device>(n));
        return made;
    }();
    return *all.at(static_cast<std::size_t>(number));
}

static thread_local int chosen = 0;
Device& device() { return device(chosen); }
void choose_device(int number) { chosen = number; }

Device* owner_of(std::uint64_t address) {
    const auto number = (address - global_window) / device_window;
    return number < static_cast<std::uint64_t>(devices()) ? &device(static_cast<int>(number)) : nullptr;
}

std::uint64_t place_variable(const std::string& name, const std::vector<unsigned char>& bytes) {
    std::uint64_t address = 0;
    if (device().allocate(bytes.size(), address) != cudaSuccess) give_up("no room for variable " + name);
    if (!bytes.empty())
        std::memcpy(device().find(reinterpret_cast<void*>(address), bytes.size()), bytes.data(),
                    bytes.size());
    return address;
}

}  // namespace ptxhost
