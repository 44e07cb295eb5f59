#include "statistics/distribution.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace statistics {

double studentQuantile(double degrees, double probability) {
    return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double chiSquaredQuantile(double degrees, double probability) {
    return boost::math::quantile(boost::math::chi_squared(degrees), probability);
}

double Binomial::of(double successes) const {
    return boost::math::pdf(boost::math::binomial(trials, chance), successes);
}

double Binomial::upTo(double successes) const {
    return boost::math::cdf(boost::math::binomial(trials, chance), successes);
}

}  // namespace statistics
