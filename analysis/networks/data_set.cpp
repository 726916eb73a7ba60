#include "analysis/networks/data_set.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <string_view>

#include "analysis/networks/digits.hpp"
#include "engine/error.hpp"

namespace noisetrap {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr const char* blanks = " \t\r\"";
    const auto first = text.find_first_not_of(blanks), last = text.find_last_not_of(blanks);
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> cells;
    while (true) {
        const auto comma = line.find(',');
        cells.push_back(trimmed(line.substr(0, comma)));
        if (comma == std::string_view::npos) return cells;
        line.remove_prefix(comma + 1);
    }
}

std::optional<double> number_in(std::string_view cell) {
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) return {};
    return value;
}

/// Takes the lines of a table one by one.
class TableReader {
    std::string name_;
    std::size_t line_ = 0;
    Table table_;

    [[noreturn]] void complain(const std::string& what) const {
        throw InputError(fmt::format("{}:{}: {}", name_, line_, what));
    }

  public:
    explicit TableReader(std::string name) : name_(std::move(name)) {}

    void take(std::string_view line) {
        ++line_;
        if (trimmed(line).empty()) return;
        const auto cells = cells_of(line);
        if (table_.columns == 0) {
            table_.columns = cells.size();
            if (std::none_of(cells.begin(), cells.end(), [](auto cell) { return number_in(cell); })) {
                table_.names.assign(cells.begin(), cells.end());
                return;
            }
        }
        if (cells.size() != table_.columns)
            complain(
                fmt::format("has {} numbers, where the rows before have {}", cells.size(), table_.columns));
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto value = number_in(cells[i]);
            if (!value) complain(fmt::format("column {}: '{}' is no finite number", i, cells[i]));
            table_.values.push_back(*value);
        }
    }
    Table finish() {
        if (table_.values.empty()) throw InputError(fmt::format("{}: holds no row of numbers", name_));
        return std::move(table_);
    }
};

}  // namespace

Table read_table(const std::string& file) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
    if (!in) throw InputError(fmt::format("{}: no such file, or it cannot be read", file));
    TableReader reader(file);
    std::string line;
    char buffer[1 << 16];
    while (gzgets(in.get(), buffer, sizeof buffer)) {
        line += buffer;
        if (line.back() != '\n') continue;  // it is longer than the buffer
        line.pop_back();
        reader.take(line);
        line.clear();
    }
    int error = Z_OK;
    const char* why = gzerror(in.get(), &error);
    if (error != Z_OK && error != Z_STREAM_END) throw InputError(fmt::format("{}: {}", file, why));
    reader.take(line);
    return reader.finish();
}

const Table& digits() {
    static const Table table = [] {
        std::string_view text = digits_text();
        if (text.empty())
            throw InputError(
                "the data set 'digits' was not there when this program was built: install Debian's "
                "python3-sklearn, "
                "whose file digits.csv.gz holds it, and build again; or give a file of your own, data.file");
        TableReader reader("digits");
        for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
            reader.take(text.substr(0, end));
        return reader.finish();
    }();
    return table;
}

void standardise(DataSet& data) {
    const auto n = static_cast<double>(data.samples());
    for (std::size_t j = 0; j < data.inputs; ++j) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < data.samples(); ++i) mean += data.input[i * data.inputs + j] / n;
        for (std::size_t i = 0; i < data.samples(); ++i) {
            const double away = data.input[i * data.inputs + j] - mean;
            variance += away * away / n;
        }
        if (!(variance > 0))
            throw InputError(
                fmt::format("column {} of the data is the same number in every row, and cannot be brought to "
                            "deviation 1: leave it "
                            "out of data.inputs",
                            j < data.columns.size() ? data.columns[j] : j));
        const double deviation = std::sqrt(variance);
        for (std::size_t i = 0; i < data.samples(); ++i) {
            double& x = data.input[i * data.inputs + j];
            x = (x - mean) / deviation;
        }
    }
}

}  // namespace noisetrap
