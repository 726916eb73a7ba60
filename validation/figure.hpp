// Figures as data: panels of curves (theory), points (measurement, with standard errors) and bands, which the
// report draws. The axes' names carry the units.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/statistics/summaries.hpp"

namespace noisetrap {

class Panel {
    nlohmann::ordered_json json_;

  public:
    Panel(const std::string& title, const std::string& x_label, const std::string& y_label);
    Panel& x_scale(const std::string& scale, double linear_within = 0);  // linear, log, symlog
    Panel& y_scale(const std::string& scale);
    Panel& x_limits(double low, double high);
    Panel& y_limits(double low, double high);
    Panel& theory(const std::string& label, const std::vector<double>& x, const std::vector<double>& y);
    Panel& reference(const std::string& label, const std::vector<double>& x, const std::vector<double>& y);
    Panel& points(const std::string& label, const std::vector<double>& x, const std::vector<Estimate>& y);
    Panel& band(const std::string& label, const std::vector<double>& x, const std::vector<double>& low,
                const std::vector<double>& high);
    Panel& level(const std::string& label, double y);
    Panel& mark(const std::string& label, double x);
    const nlohmann::ordered_json& json() const { return json_; }

  private:
    Panel& curve(const std::string& label, const std::string& role, const std::vector<double>& x,
                 const std::vector<double>& y);
};

nlohmann::ordered_json figure(const std::string& title, const std::string& caption,
                              const std::vector<Panel>& panels);

/// `count` points from `from` to `to`, evenly spaced, or in even ratios.
std::vector<double> even(double from, double to, int count);
std::vector<double> even_ratios(double from, double to, int count);

}  // namespace noisetrap
