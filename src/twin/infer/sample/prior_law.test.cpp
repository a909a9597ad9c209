// If these failed, what a prior holds for improbable would be impossible, or as probable as anything.
#include "twin/infer/sample/prior_law.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twin::infer::prior_law {
namespace {

struct KnownTail {
  double degrees, z, above;
};

// By the incomplete beta function with 60 digits. What is left is the rounding of z and of powers: 1e-13 where the
// power is n log z ~ 700.
TEST(PriorLaw, TailsOfStudentT) {
  for (const auto& [n, z, above] :
       {KnownTail{0.5, 1e-3, 0.49973032383424381903}, KnownTail{0.5, 1, 0.30112161084132208155},
        KnownTail{0.5, 1e200, 3.2070097541422290519e-101},
        KnownTail{1, 1e299, 3.1830988618379065482e-300},
        KnownTail{2.5, 0.3, 0.39367118574759860724},
        KnownTail{2.5, 1e100, 7.1933971908317221289e-251}, KnownTail{3, 2, 0.069662984279421588424},
        KnownTail{3, 1e99, 1.1026577908435842071e-297}, KnownTail{30, 7, 4.4349793336103215849e-8},
        KnownTail{30, 1e9, 1.0364534652562062394e-249},
        KnownTail{300, 30, 1.3031072100489277916e-92}, KnownTail{1e6, 5, 2.8669989354453707845e-7},
        KnownTail{200, 0.01, 0.49601562757664055936}}) {
    const Law t = student_t(n, 0.0, 1.0);
    EXPECT_NEAR(t->above(z) / above, 1.0, 2e-13) << n << " degrees, " << z;
    EXPECT_EQ(t->below(-z), t->above(z));
    EXPECT_NEAR(t->below(z), 1 - above, 2e-16);
    if (above < 0.49) {
      EXPECT_NEAR(t->quantile_above(above) / z, 1.0, 2e-13) << n << " " << z;
    }
  }
}

TEST(PriorLaw, TailsOfCauchy) {
  const Law c = cauchy(0.0, 1.0), half = half_cauchy(1.0);
  for (const auto& [one, z, above] :
       {KnownTail{1, 1e-3, 0.49968169021991944105}, KnownTail{1, 0.9, 0.2667377083565741069},
        KnownTail{1, 1.1, 0.23485382781163184556}, KnownTail{1, 1e8, 3.1830988618379066093e-9},
        KnownTail{1, 1e300, 3.1830988618379065482e-301}}) {
    EXPECT_NEAR(c->above(z) / above, 1.0, 1e-15);
    EXPECT_NEAR(half->above(z) / (2 * above), 1.0, 1e-15);
    EXPECT_NEAR(c->quantile_above(above) / z, 1.0, 1e-12);
    EXPECT_NEAR(student_t(one, 0.0, 1.0)->above(z) / above, 1.0, 1e-14);
  }
  // Densities fall as z^-2 as far as there are numbers.
  const PlaceInLaw near{.x = 1e150}, far{.x = 1e300};
  EXPECT_NEAR(c->log_density(far) - c->log_density(near), -300 * std::log(10.0), 1e-10);
  EXPECT_NEAR(c->slope(far) * 1e300, -2.0, 1e-15);
  EXPECT_NEAR(
      student_t(2.5, 0.0, 1.0)->log_density(far) - student_t(2.5, 0.0, 1.0)->log_density(near),
      -3.5 * 150 * std::log(10.0), 1e-9);
}

TEST(PriorLaw, TailsOfTheOthers) {
  const Law g = gamma(2.5, 1.0);
  EXPECT_NEAR(g->above(50) / 5.2851483609432400564e-20, 1.0, 1e-13);
  EXPECT_NEAR(g->above(700) / 1.3765875143943704219e-300, 1.0, 2e-13);
  EXPECT_NEAR(gamma(0.3, 1.0)->above(600) / 1.0050795080028820682e-263, 1.0, 2e-13);
  EXPECT_NEAR(gamma(100, 1.0)->below(20) / 3.488878669689653184e-37, 1.0, 1e-13);
  EXPECT_NEAR(beta(2.5, 0.7)->below(1e-100) / 5.6189739230690279728e-251, 1.0, 1e-13);
  EXPECT_NEAR(normal(0.0, 1.0)->above(37) / 5.7255712225245768227e-300, 1.0, 1e-13);
  EXPECT_NEAR(laplace(0.0, 1.0)->above(650) / (0.5 * std::exp(-650.0)), 1.0, 1e-13);
  EXPECT_NEAR(weibull(0.5, 1.0)->above(4e5) / std::exp(-std::sqrt(4e5)), 1.0, 1e-12);
}

TEST(PriorLaw, NormalIntervalsKeepTheirDigits) {
  // By the error function with 60 digits: near and far, wide and narrow.
  EXPECT_NEAR(normal_between(30, 1e300) / 4.9067139271481870595e-198, 1.0, 1e-12);
  EXPECT_NEAR(normal_between(30, 30.001) / 1.4517606016757901217e-199, 1.0, 3e-13);
  EXPECT_NEAR(normal_between(2, 2.000001) / 5.3990912529795266682e-8, 1.0, 1e-15);
  EXPECT_EQ(normal_between(-2.000001, -2), normal_between(2, 2.000001));
  EXPECT_NEAR(normal_between(-1, 1), 0.68268949213708589717, 1e-16);
  const Law cut = truncated_normal({.mean = 0.0, .deviation = 1.0, .low = 1.0, .high = 3.0});
  EXPECT_NEAR(cut->below(2.0), 0.86395737262641637802, 1e-15);
  EXPECT_NEAR(cut->quantile(0.86395737262641637802), 2.0, 1e-14);
  // A millionth of a deviation wide: uniform but for what its density falls by. And far out, exponential.
  const Law narrow = truncated_normal({.mean = -2.0, .deviation = 1.0, .low = 0.0, .high = 1e-6});
  EXPECT_NEAR(narrow->quantile(0.25), 0.25e-6, 1e-12);
  EXPECT_NEAR(narrow->below(0.25e-6), 0.25, 1e-6);
  const Law far = truncated_normal({.mean = -30.0, .deviation = 1.0, .low = 0.0});
  EXPECT_NEAR(far->above(far->quantile_above(0.01)), 0.01, 1e-13);
  EXPECT_NEAR(far->quantile_above(0.01), std::log(100.0) / 30, 3e-3);
}

}  // namespace
}  // namespace twin::infer::prior_law
