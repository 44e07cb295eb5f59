#pragma once

// The distributions that intervals and limits rest on, from Boost.Math, which is large to compile: in one
// file.

namespace statistics {

/// The value below which a share `probability`, 0 to 1, of Student's t distribution lies; `degrees` above 0.
double studentQuantile(double degrees, double probability);
/// The same of the chi-squared distribution.
double chiSquaredQuantile(double degrees, double probability);

/// How many of `trials` succeed, each with the chance `chance`, 0 to 1.
struct Binomial {
    double trials;
    double chance;
    /// The probability of exactly so many.
    double of(double successes) const;
    /// The probability of so many or fewer.
    double upTo(double successes) const;
};

}  // namespace statistics
