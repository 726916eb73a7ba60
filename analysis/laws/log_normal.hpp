// The law of dx = a x dt + sigma x dW on its way: log(x_t/x_0) ~ Normal((a - sigma^2/2) t, sigma^2 t) (Ito).
#pragma once

namespace noisetrap {

/// The law of x_t where log(x_t/x_0) is normal.
class LogNormalLaw {
    double mean_, deviation_;

  public:
    LogNormalLaw(double a, double sigma, double time);
    double cdf_of_log(double log_ratio) const;
    double survival_of_log(double log_ratio) const;
    double quantile_of_log(double p) const;
};

}  // namespace noisetrap
