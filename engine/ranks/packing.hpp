// Values as bytes, for processes of one program on machines alike: every bit of a double is kept. A struct of one's own
// is packed and unpacked by one function `fields(archive, value)` that names its fields.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace noisetrap {

class Packing {
    std::string bytes_;

    void raw(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }

    template <class T>
    void put(const T& value) {
        if constexpr (requires(Packing & a, T & t) { fields(a, t); })
            fields(*this, const_cast<T&>(value));  // it also unpacks, and so takes no const
        else {
            static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>, "name its fields in fields()");
            raw(&value, sizeof value);
        }
    }
    void put(const std::string& text) {
        put(std::uint64_t{text.size()});
        raw(text.data(), text.size());
    }
    template <class T>
    void put(const std::vector<T>& values) {
        put(std::uint64_t{values.size()});
        if constexpr (std::is_arithmetic_v<T>)
            raw(values.data(), values.size() * sizeof(T));
        else
            for (const auto& value : values) put(value);
    }
    template <class K, class V>
    void put(const std::map<K, V>& values) {
        put(std::uint64_t{values.size()});
        for (const auto& [key, value] : values) put(key), put(value);
    }
    void put(const std::variant<double, std::string>& value) {
        put(value.index() == 1);
        std::visit([this](const auto& held) { put(held); }, value);
    }
    template <class T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) put(*value);
    }

  public:
    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }
    std::string take() { return std::move(bytes_); }
};

/// Throws std::runtime_error where the bytes are too few.
class Unpacking {
    std::string_view rest_;

    void raw(void* into, std::size_t size) {
        if (size > rest_.size()) throw std::runtime_error("a message between ranks is too short");
        if (size > 0) std::memcpy(into, rest_.data(), size);
        rest_.remove_prefix(size);
    }
    std::size_t count() {
        std::uint64_t n = 0;
        get(n);
        if (n > rest_.size()) throw std::runtime_error("a message between ranks is too short");
        return n;
    }

    template <class T>
    void get(T& value) {
        if constexpr (requires(Unpacking & a, T & t) { fields(a, t); })
            fields(*this, value);
        else {
            static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>, "name its fields in fields()");
            raw(&value, sizeof value);
        }
    }
    void get(std::string& text) {
        text.resize(count());
        raw(text.data(), text.size());
    }
    template <class T>
    void get(std::vector<T>& values) {
        values.resize(count());
        if constexpr (std::is_arithmetic_v<T>)
            raw(values.data(), values.size() * sizeof(T));
        else
            for (auto& value : values) get(value);
    }
    template <class K, class V>
    void get(std::map<K, V>& values) {
        for (auto left = count(); left > 0; --left) {
            K key;
            get(key);
            get(values[key]);
        }
    }
    void get(std::variant<double, std::string>& value) {
        bool text = false;
        get(text);
        if (text)
            get(value.emplace<std::string>());
        else
            get(value.emplace<double>());
    }
    template <class T>
    void get(std::optional<T>& value) {
        bool there = false;
        get(there);
        if (there) get(value.emplace());
    }

  public:
    explicit Unpacking(std::string_view bytes) : rest_(bytes) {}
    template <class... T>
    void operator()(T&... values) {
        (get(values), ...);
    }
    /// All that has not been unpacked.
    std::string_view rest() const { return rest_; }
};

template <class... T>
std::string packed(const T&... values) {
    Packing pack;
    pack(values...);
    return pack.take();
}

template <class T>
T unpacked(std::string_view bytes) {
    T value{};
    Unpacking unpack(bytes);
    unpack(value);
    return value;
}

}  // namespace noisetrap
