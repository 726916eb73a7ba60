#include "analysis/networks/network_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/networks/fitted.hpp"
#include "analysis/networks/made_data.hpp"
#include "analysis/networks/principal_components.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/input/config_reader.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/noise/variates.hpp"
#include "engine/runs/memory.hpp"

namespace noisetrap {
namespace {

constexpr std::size_t digit_pixels = 64;
constexpr double most_columns = 1e6, largest_seed = 9007199254740991.0;

/// What [data] says, before it becomes a data set.
struct DataChoice {
    Table table;
    std::vector<std::size_t> inputs;
    std::string target;
    double constant = 0, label_noise = 0, least_deviation = 0;
    std::uint64_t noise_seed = 1;
    bool standardise = true, centre = false;
};

double deviation_of(const Table& table, std::size_t column) {
    const auto n = static_cast<double>(table.rows());
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < table.rows(); ++i) mean += table.at(i, column) / n;
    for (std::size_t i = 0; i < table.rows(); ++i)
        variance += (table.at(i, column) - mean) * (table.at(i, column) - mean) / n;
    return std::sqrt(variance);
}

enum class Source { digits, sequences, teacher, file };

class ProblemReader {
    ConfigReader& reader_;
    DataChoice choice_;
    NetworkProblem config_;
    Source source_ = Source::digits;

    bool is_digits() const { return source_ == Source::digits; }
    /// Sequences, and the answers of a teacher: as random as is wanted, and with a target in the last column.
    bool is_made() const { return source_ == Source::sequences || source_ == Source::teacher; }
    /// Of the digits these are the pixels.
    std::size_t columns() const { return is_digits() ? digit_pixels : choice_.table.columns; }

    /// A column by its name or its number, from 0.
    std::size_t column_named(const std::string& key, const std::string& word) const {
        const auto& names = choice_.table.names;
        const auto named = std::find(names.begin(), names.end(), word);
        if (named != names.end()) return static_cast<std::size_t>(named - names.begin());
        const bool number =
            !word.empty() && word.size() < 7 && std::all_of(word.begin(), word.end(), ::isdigit);
        if (number && std::stoul(word) < columns()) return std::stoul(word);
        const auto meant = did_you_mean(word, names);
        reader_.complain(
            key, fmt::format("= '{}' is no column{}{}", word,
                             meant.empty() ? fmt::format(": they are numbered 0 to {}", columns() - 1) : "",
                             meant));
    }

    /// Keys that say something where `wanted` is set, and nothing elsewhere: there they are refused.
    void know_with(const char* wanted, bool is_set, std::initializer_list<const char*> keys) {
        for (const char* key : keys) {
            reader_.know(key);
            if (!is_set && reader_.has(key)) reader_.complain(key, fmt::format("needs {}", wanted));
        }
    }
    void read_table_of() {
        const bool given = reader_.has("data.file");
        const auto set =
            reader_.word("data.set", given ? "file" : "digits", {"digits", "sequences", "teacher", "file"},
                         "digits: the 8 x 8 images of handwritten digits; sequences: random ones, "
                         "of which a sum is to be remembered; teacher: what a network of random weights "
                         "answers; or a file of your own");
        if (given != (set == "file"))
            reader_.complain("data.set",
                             given ? fmt::format("= '{}' and data.file are both given: keep one", set)
                                   : "= 'file' needs data.file");
        reader_.know("data.file");
        know_with("data.set = 'sequences' or 'teacher'", set == "sequences" || set == "teacher",
                  {"data.samples"});
        know_with("data.set = 'sequences'", set == "sequences",
                  {"data.length", "data.signal", "data.memory"});
        know_with("data.set = 'teacher'", set == "teacher", {"data.dimension", "data.units", "data.bias"});
        if (given) {
            source_ = Source::file;
            choice_.table = read_table(
                reader_.file("data.file", "comma-separated numbers, a row a sample, also compressed (.gz)"));
            return;
        }
        if (set == "sequences") return read_sequences();
        if (set == "teacher") return read_teacher();
        choice_.table = digits();
        for (std::size_t i = 0; i < choice_.table.rows(); ++i)
            for (std::size_t j = 0; j < digit_pixels; ++j)
                choice_.table.values[i * choice_.table.columns + j] /= 16;
    }
    void read_sequences() {
        source_ = Source::sequences;
        const auto samples = reader_.integer("data.samples", 1000, {1, 1e7}, "of the sequences");
        const auto length = reader_.integer("data.length", 8, {1, 10000}, "numbers of each sequence");
        const double signal =
            reader_.number("data.signal", 0.1, {-1e100, 1e100}, "deviation of the target's sum");
        const double memory = reader_.number("data.memory", 0.8, {0, 1}, "weight of a number over the next");
        require_made(samples, length, 0);
        choice_.table = sequences(samples, length, signal, memory, choice_.noise_seed, reader_.stop());
    }
    void read_teacher() {
        source_ = Source::teacher;
        Teacher teacher;
        teacher.samples = reader_.integer("data.samples", 1000, {2, 1e7}, "of the data");
        teacher.dimension = reader_.integer("data.dimension", 1, {1, 10000}, "inputs of the teacher");
        teacher.units = reader_.integer("data.units", 8, {1, 10000}, "hidden units of the teacher");
        teacher.bias = reader_.flag("data.bias", false, "the teacher's hidden units have biases");
        teacher.seed = choice_.noise_seed;
        require_made(teacher.samples, teacher.dimension, teacher.units);
        choice_.table = teacher.table(reader_.stop());
    }
    /// Data that are made are held twice: as a table, and as the inputs and targets that are taken from it. Beside them
    /// stand the weights of a teacher's units.
    static void require_made(std::uint64_t samples, std::uint64_t inputs, std::uint64_t units) {
        require_memory(sizeof(double) * (2 * samples * (inputs + 1) + units * (inputs + 2)),
                       "the data; ask for fewer samples, inputs or units");
    }
    /// The data and their labels are asked for with one seed, which stands once in the resolved file.
    void read_noise_seed() {
        choice_.noise_seed =
            reader_.integer("data.noise_seed", 1, {0, largest_seed}, "of what is random in the data");
    }

    void read_data() {
        reader_.know_table("data");
        read_noise_seed();
        read_table_of();
        const std::string standard = is_digits() ? "parity" : is_made() ? std::to_string(columns() - 1) : "";
        choice_.target =
            reader_.text("data.target", standard,
                         is_digits() ? "parity (even 1, odd -1), class, or inputs (an autoencoder)"
                                     : "the column of the targets, or inputs (an autoencoder)");
        const bool known =
            choice_.target == "parity" || choice_.target == "class" || choice_.target == "inputs";
        if (is_digits() && !known)
            reader_.complain("data.target",
                             fmt::format("= '{}' is none of parity, class, inputs", choice_.target));
        choice_.standardise = reader_.flag("data.standardise", choice_.target != "inputs" && !is_made(),
                                           "bring every input to mean 0 and deviation 1");
        choice_.centre =
            reader_.flag("data.centre", !is_made(), "where not standardised: bring every input to mean 0");
        choice_.least_deviation = reader_.number(
            "data.least_deviation", 0, {0, 1e300},
            "columns that vary less, or not at all, are left out, but for those that are named");
        read_inputs();
        choice_.constant = reader_.number("data.constant", 0, {-1e100, 1e100},
                                          "an input more, which is this number in every sample; 0: none");
        choice_.label_noise =
            reader_.number("data.label_noise",
                           source_ == Source::sequences ? 1
                           : source_ == Source::teacher ? 0.5
                                                        : 0,
                           {0, 1e100}, "deviation of normal numbers that are added to the targets");
    }

    bool varies(std::size_t column) const {
        const double deviation = deviation_of(choice_.table, column);
        return deviation > 0 && deviation >= choice_.least_deviation;
    }
    void read_inputs() {
        const auto words = reader_.names("data.inputs", "columns by name or by number, from 0; none: all");
        for (const auto& word : words) choice_.inputs.push_back(column_named("data.inputs", word));
        if (!words.empty()) return;
        for (std::size_t j = 0; j < columns(); ++j)
            if ((is_digits() || choice_.target == "inputs" ||
                 j != column_named("data.target", choice_.target)) &&
                varies(j))
                choice_.inputs.push_back(j);
        if (choice_.inputs.empty())
            reader_.complain("data.least_deviation", "leaves no column out of which to make an input");
    }

    void read_network() {
        auto& network = config_.network;
        reader_.know_table("network");
        network.kind = read_choice<NetworkKind>(
            reader_, "network.kind", {std::begin(network_kind_names), std::end(network_kind_names)},
            "layers: each connected to the next; gates: a unit for each input, f = sum of u phi(w x); "
            "recurrent: "
            "h <- phi(W h + U x), f = V h");
        const auto hidden =
            integers_or(reader_, "network.hidden", 1, {1, most_columns}, "units of each hidden layer");
        network.unit = read_choice<UnitFunction>(
            reader_, "network.unit", {std::begin(unit_function_names), std::end(unit_function_names)},
            "what a hidden unit does with the sum of its inputs", "tanh");
        network.bias = reader_.flag("network.bias", false, "add a bias to the sum of every unit");
        const auto standard = choice_.target == "class" && is_digits() ? "softmax" : "square";
        network.loss = read_choice<NetworkLoss>(
            reader_, "network.loss", {std::begin(network_loss_names), std::end(network_loss_names)},
            "square: |f - y|^2/2; logistic: log(1 + exp(-y f)); softmax of classes", standard);
        make_data_set();
        network.widths = {config_.data.inputs};
        network.widths.insert(network.widths.end(), hidden.begin(), hidden.end());
        network.widths.push_back(config_.data.outputs);
        if (network.kind != NetworkKind::layers) refuse_bias();
        if (network.kind == NetworkKind::gates) settle_gates();
        know_with("network.kind = 'recurrent'", network.kind == NetworkKind::recurrent, {"network.inputs"});
        if (network.kind == NetworkKind::recurrent) settle_recurrent(hidden.size());
    }
    void refuse_bias() const {
        if (config_.network.bias) reader_.complain("network.bias", "is for network.kind = 'layers' alone");
    }
    void settle_gates() {
        auto& network = config_.network;
        if (config_.data.outputs != 1 || network.loss == NetworkLoss::softmax)
            reader_.complain("network.kind", fmt::format("= 'gates' has one output, and the data have {}",
                                                         config_.data.outputs));
        if (reader_.has("network.hidden"))
            reader_.complain("network.hidden",
                             "does not go with 'gates', which have one unit for each input");
        network.widths = {config_.data.inputs, config_.data.inputs, 1};
    }
    void settle_recurrent(std::size_t hidden_layers) {
        auto& network = config_.network;
        const auto each = reader_.integer("network.inputs", 1, {1, most_columns},
                                          "numbers of a sample that come at one time");
        if (hidden_layers != 1)
            reader_.complain("network.hidden", "of a recurrent network is one number: its units");
        if (config_.data.inputs % each != 0)
            reader_.complain("network.inputs",
                             fmt::format("= {} does not divide the {} numbers of a sample into times", each,
                                         config_.data.inputs));
        network.widths[0] = each;
        network.steps = config_.data.inputs / each;
    }

    void make_data_set() {
        auto& data = config_.data;
        const auto& table = choice_.table;
        data.columns = choice_.inputs;
        data.inputs = choice_.inputs.size();
        data.input.reserve(table.rows() * data.inputs);
        for (std::size_t i = 0; i < table.rows(); ++i)
            for (const auto column : choice_.inputs) data.input.push_back(table.at(i, column));
        if (choice_.standardise)
            standardise(data);
        else if (choice_.centre)
            centre(data);
        if (choice_.constant != 0) add_constant(data);
        if (choice_.target == "inputs") {
            if (config_.network.loss != NetworkLoss::square)
                reader_.complain("network.loss", "of a network that is to answer its inputs is 'square'");
            data.outputs = data.inputs;
            data.target = data.input;
        } else if (config_.network.loss == NetworkLoss::softmax) {
            make_classes();
        } else {
            make_numbers();
        }
        if (choice_.label_noise == 0) return;
        if (data.classes) reader_.complain("data.label_noise", "does not go with classes");
        for (std::size_t i = 0; i < data.target.size(); ++i)
            data.target[i] +=
                choice_.label_noise * normal_of<double>(choice_.noise_seed, Stream::user_defined, i);
    }

    void add_constant(DataSet& data) const {
        const std::size_t samples = data.samples();
        auto at = data.input.begin();
        std::vector<double> input;
        for (std::size_t i = 0; i < samples; ++i, at += static_cast<long>(data.inputs)) {
            input.insert(input.end(), at, at + static_cast<long>(data.inputs));
            input.push_back(choice_.constant);
        }
        data.input = std::move(input);
        ++data.inputs;
    }

    static void centre(DataSet& data) {
        for (std::size_t j = 0; j < data.inputs; ++j) {
            double mean = 0;
            for (std::size_t i = 0; i < data.samples(); ++i)
                mean += data.input[i * data.inputs + j] / static_cast<double>(data.samples());
            for (std::size_t i = 0; i < data.samples(); ++i) data.input[i * data.inputs + j] -= mean;
        }
    }

    /// The targets as they stand in the table; the digits' parity is no column of it.
    std::vector<double> target_column() const {
        std::vector<double> found;
        const bool parity = is_digits() && choice_.target == "parity";
        const auto column = is_digits() ? digit_pixels : column_named("data.target", choice_.target);
        for (std::size_t i = 0; i < choice_.table.rows(); ++i) {
            const double y = choice_.table.at(i, column);
            found.push_back(!parity ? y : std::fmod(y, 2) == 0 ? 1 : -1);
        }
        return found;
    }
    void make_classes() {
        auto& data = config_.data;
        data.classes = true;
        data.target = target_column();
        for (std::size_t i = 0; i < data.target.size(); ++i) {
            double& y = data.target[i];
            if (is_digits() && choice_.target == "parity") y = y > 0 ? 0 : 1;
            if (!(y >= 0 && y == std::floor(y) && y < 10000))
                reader_.complain(
                    "data.target",
                    fmt::format("has {} in row {}, which is no class: they are whole numbers from 0", y, i));
            data.outputs = std::max(data.outputs, static_cast<std::size_t>(y) + 1);
        }
        if (data.outputs < 2) reader_.complain("data.target", "holds one class alone");
    }
    void make_numbers() {
        auto& data = config_.data;
        data.outputs = 1;
        data.target = target_column();
        if (config_.network.loss != NetworkLoss::logistic) return;
        for (std::size_t i = 0; i < data.target.size(); ++i) {
            if (data.target[i] == 0) data.target[i] = -1;
            if (std::abs(data.target[i]) != 1)
                reader_.complain("data.target",
                                 fmt::format("has {} in row {}: the logistic loss takes -1 (or 0) and 1",
                                             data.target[i], i));
        }
    }

    /// Larger ones are far beyond what is worked out here, and would fill the memory first.
    void refuse_huge() const {
        constexpr double most = 1e7;
        if (const auto count = static_cast<double>(config_.network.parameters()); count > most)
            reader_.complain("network.hidden",
                             fmt::format("gives the network {:.3g} parameters, more than {:g}", count, most));
    }

    void read_point() {
        refuse_huge();
        reader_.know_table("point");
        const auto at =
            reader_.word("point.at", "zero", {"zero", "file", "fitted", "principal-components"},
                         "zero: all parameters 0; file: a network of yours; fitted: one unit more than a "
                         "network that has learnt the data; principal-components: the saddles of a linear "
                         "autoencoder");
        const bool rests = at == "zero" && config_.network.kind == NetworkKind::recurrent;
        know_with("point.at = 'file'", at == "file", {"point.file", "point.zeroed_unit"});
        know_with("point.at = 'principal-components'", at == "principal-components", {"point.components"});
        know_with("point.at = 'file' or 'fitted'", at == "file" || at == "fitted", {"point.split_unit"});
        know_with("point.at = 'fitted'", at == "fitted", {"point.starts", "point.seed"});
        know_with("network.kind = 'recurrent' and point.at = 'zero'", rests, {"point.recurrent_weight"});
        if (at == "file")
            read_point_file();
        else if (at == "fitted")
            read_fitted();
        else if (at == "principal-components")
            read_components();
        else
            config_.point.assign(config_.network.parameters(), 0.0);
        if (rests) read_recurrent_weight();
    }
    /// Where U = V = 0 the loss does not depend on W.
    void read_recurrent_weight() {
        const double weight = reader_.number("point.recurrent_weight", 0, {-1e6, 1e6},
                                             "of each unit upon itself: W is this times the identity");
        const std::size_t hidden = config_.network.width(1);
        for (std::size_t j = 0; j < hidden; ++j) config_.point[j * hidden + j] = weight;
    }
    /// The network with one unit fewer in its only hidden layer; `key` is what asks for it.
    Network without_last_unit(const char* key) const {
        auto smaller = config_.network;
        if (smaller.kind != NetworkKind::layers || smaller.widths.size() != 3 || smaller.widths[1] < 2)
            reader_.complain(key, "takes a network with one hidden layer of two units or more");
        --smaller.widths[1];
        return smaller;
    }
    /// Which unit of the smaller network the last one is a half of; none: it has no weights.
    std::optional<std::size_t> read_split_unit(const Network& smaller) {
        if (!reader_.has("point.split_unit")) return {};
        const auto unit = reader_.integer("point.split_unit", 0, {0, most_columns},
                                          "the last unit is one half of this one, and it the other, from 0");
        if (unit >= smaller.widths[1])
            reader_.complain("point.split_unit",
                             fmt::format("= {}, and there are units 0 to {}", unit, smaller.widths[1] - 1));
        return unit;
    }
    /// `zeroed_unit` or `split_unit`: the file has one hidden unit fewer.
    void read_point_file() {
        const auto file = reader_.file("point.file", "its parameters, layer after layer (docs/networks.md)");
        const bool zeroed =
            reader_.flag("point.zeroed_unit", false,
                         "the file lacks the last unit of the only hidden layer, which has weights 0");
        const bool split = reader_.has("point.split_unit");
        if (zeroed && split)
            reader_.complain("point.split_unit", "and point.zeroed_unit are both given: keep one");
        const auto values = read_table(file).values;
        const auto smaller = zeroed || split
                                 ? without_last_unit(split ? "point.split_unit" : "point.zeroed_unit")
                                 : config_.network;
        const auto unit = read_split_unit(smaller);
        if (values.size() != smaller.parameters())
            reader_.complain("point.file",
                             fmt::format("holds {} numbers, where the network has {} parameters",
                                         values.size(), smaller.parameters()));
        config_.point = unit     ? with_split_unit(smaller, values, *unit)
                        : zeroed ? with_zeroed_unit(smaller, values)
                                 : values;
    }
    /// The smaller network is fitted here, so that a file says all of an experiment.
    void read_fitted() {
        const auto smaller = without_last_unit("point.at");
        const auto unit = read_split_unit(smaller);
        const auto starts =
            reader_.integer("point.starts", 8, {1, 1e6}, "of the fit, the best of which is kept");
        const auto seed = reader_.integer("point.seed", 1, {0, largest_seed}, "of these starts");
        constexpr std::size_t most_fitted = 500;
        if (smaller.parameters() > most_fitted)
            reader_.complain("point.at",
                             fmt::format("= 'fitted' is for networks of up to {} parameters, and this has {}",
                                         most_fitted, smaller.parameters()));
        const auto values = fitted(smaller, config_.data, starts, seed, reader_.stop());
        if (!values)
            reader_.complain("point.at", fmt::format("= 'fitted': none of {} starts ends at a minimum of the "
                                                     "loss; take more, another point.seed or fewer units",
                                                     starts));
        config_.point = unit ? with_split_unit(smaller, *values, *unit) : with_zeroed_unit(smaller, *values);
    }
    void read_components() {
        const auto components = reader_.integers("point.components", {1, most_columns},
                                                 "which principal components the network keeps, from 1");
        const auto& network = config_.network;
        if (network.kind != NetworkKind::layers || network.unit != UnitFunction::linear ||
            network.widths.size() != 3 || network.bias || choice_.target != "inputs")
            reader_.complain(
                "point.at",
                "= 'principal-components' takes a linear autoencoder: network.unit = \"linear\", one hidden "
                "layer, no bias, data.target = \"inputs\"");
        for (const auto c : components)
            if (c > network.widths[0] || components.size() > network.widths[1])
                reader_.complain("point.components",
                                 fmt::format("holds {} of {} components, for {} hidden units",
                                             components.size(), network.widths[0], network.widths[1]));
        config_.point = principal_point(config_.data, network.widths[1], components);
    }

  public:
    explicit ProblemReader(ConfigReader& reader) : reader_(reader) {}

    NetworkProblem read_loss() {
        read_data();
        read_network();
        return std::move(config_);
    }
    NetworkProblem read() {
        read_data();
        read_network();
        read_point();
        return std::move(config_);
    }
};

}  // namespace

std::vector<std::uint64_t> integers_or(ConfigReader& reader, const std::string& key, std::uint64_t standard,
                                       Range range, const std::string& meaning) {
    if (reader.has(key)) return reader.integers(key, range, meaning);
    reader.know(key);
    return {standard};
}

NetworkProblem read_network_problem(ConfigReader& reader) { return ProblemReader(reader).read(); }
NetworkProblem read_network_loss(ConfigReader& reader) { return ProblemReader(reader).read_loss(); }

}  // namespace noisetrap
