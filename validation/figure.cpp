#include "validation/figure.hpp"

#include <cmath>

namespace noisetrap {

using Json = nlohmann::ordered_json;

Panel::Panel(const std::string& title, const std::string& x_label, const std::string& y_label)
    : json_{{"title", title},          {"xlabel", x_label},      {"ylabel", y_label},
            {"xscale", "linear"},      {"yscale", "linear"},     {"curves", Json::array()},
            {"points", Json::array()}, {"bands", Json::array()}, {"lines", Json::array()}} {}

Panel& Panel::x_scale(const std::string& scale, double linear_within) {
    json_["xscale"] = scale;
    if (linear_within > 0) json_["linthresh"] = linear_within;
    return *this;
}

Panel& Panel::y_scale(const std::string& scale) {
    json_["yscale"] = scale;
    return *this;
}

Panel& Panel::x_limits(double low, double high) {
    json_["xlim"] = {low, high};
    return *this;
}

Panel& Panel::y_limits(double low, double high) {
    json_["ylim"] = {low, high};
    return *this;
}

Panel& Panel::curve(const std::string& label, const std::string& role, const std::vector<double>& x,
                    const std::vector<double>& y) {
    json_["curves"].push_back({{"label", label}, {"x", x}, {"y", y}, {"role", role}});
    return *this;
}

Panel& Panel::theory(const std::string& label, const std::vector<double>& x, const std::vector<double>& y) {
    return curve(label, "theory", x, y);
}

Panel& Panel::reference(const std::string& label, const std::vector<double>& x,
                        const std::vector<double>& y) {
    return curve(label, "reference", x, y);
}

Panel& Panel::points(const std::string& label, const std::vector<double>& x, const std::vector<Estimate>& y) {
    Json value = Json::array(), error = Json::array();
    for (const auto& e : y) value.push_back(e.value), error.push_back(e.standard_error);
    json_["points"].push_back({{"label", label}, {"x", x}, {"y", value}, {"standard_error", error}});
    return *this;
}

Panel& Panel::band(const std::string& label, const std::vector<double>& x, const std::vector<double>& low,
                   const std::vector<double>& high) {
    json_["bands"].push_back({{"label", label}, {"x", x}, {"low", low}, {"high", high}});
    return *this;
}

Panel& Panel::level(const std::string& label, double y) {
    json_["lines"].push_back({{"label", label}, {"y", y}});
    return *this;
}

Panel& Panel::mark(const std::string& label, double x) {
    json_["lines"].push_back({{"label", label}, {"x", x}});
    return *this;
}

Json figure(const std::string& title, const std::string& caption, const std::vector<Panel>& panels) {
    Json json = {{"title", title}, {"caption", caption}, {"panels", Json::array()}};
    for (const auto& panel : panels) json["panels"].push_back(panel.json());
    return json;
}

std::vector<double> even(double from, double to, int count) {
    std::vector<double> x;
    for (int i = 0; i < count; ++i) x.push_back(std::lerp(from, to, static_cast<double>(i) / (count - 1)));
    return x;
}

std::vector<double> even_ratios(double from, double to, int count) {
    auto x = even(std::log(from), std::log(to), count);
    for (double& value : x) value = std::exp(value);
    return x;
}

}  // namespace noisetrap
