#include "twin/uq/fidelity_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <tuple>

#include "twin/core/error.hpp"

namespace twin::uq {
namespace {

using boost::multiprecision::cpp_int;
using Exact = boost::multiprecision::cpp_rational;

// The shortest decimal that is read as x >= 0.
Exact decimal_of(double x) {
  std::array<char, 32> text{};
  const char* const end =
      std::to_chars(text.begin(), text.end(), std::abs(x), std::chars_format::scientific).ptr;
  const char* const e = std::find(text.cbegin(), end, 'e');
  cpp_int digits = 0;
  int exponent = std::atoi(e + 1);
  bool behind = false;  // the point
  for (const char* at = text.cbegin(); at != e; ++at) {
    if (*at == '.') {
      behind = true;
      continue;
    }
    digits = digits * 10 + (*at - '0');
    exponent -= behind ? 1 : 0;
  }
  const cpp_int power = pow(cpp_int(10), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Exact(digits, power) : Exact(digits * power);
}

Exact decimal_square(double x) {
  const Exact exact = decimal_of(x);
  return exact * exact;
}

// Of x >= 0.
cpp_int floor_of(const Exact& x) { return numerator(x) / denominator(x); }
cpp_int ceiling_of(const Exact& x) { return (numerator(x) + denominator(x) - 1) / denominator(x); }

struct FidelityOffer {
  Exact bias, variance, cost;          // squared bias with its error; variance and cost of a run
  cpp_int most = 0;                    // runs that can be done
  std::optional<cpp_int> enough = {};  // runs that reach the accuracy; none: no number does
  cpp_int runs = 0;                    // of the offer; 0: none
  [[nodiscard]] bool reaches() const { return enough && *enough <= most; }
  [[nodiscard]] Exact work() const { return cost * runs; }
  [[nodiscard]] Exact error() const { return bias + variance / runs; }  // squared
};

void check_demand(std::span<const DeclaredFidelity> fidelities, const AccuracyDemand& d) {
  using core::Error;
  const auto sound = [](double x) { return x >= 0.0 && std::isfinite(x); };
  if (fidelities.empty()) throw Error("no fidelities to choose from");
  if (!sound(d.accuracy)) throw Error(fmt::format("an accuracy of {} (0 or above)", d.accuracy));
  if (!sound(d.budget)) throw Error(fmt::format("a budget of {} (0 or above)", d.budget));
  if (!(d.deadline >= 0.0))
    throw Error(fmt::format("a deadline of {} of work (0 or above)", d.deadline));
  for (std::size_t i = 0; i < fidelities.size(); ++i) {
    const DeclaredFidelity& f = fidelities[i];
    if (!(f.cost > 0.0) || !std::isfinite(f.cost) ||
        std::min(d.budget, d.deadline) / f.cost > 0x1p53)
      throw Error(
          fmt::format("fidelity {} costs {} (above 0, and 2^-53 of the budget)", i, f.cost));
    if (!sound(f.bias) || !sound(f.bias_error) || !sound(f.deviation))
      throw Error(fmt::format("fidelity {} has bias {} +- {}, deviation {} (0 or above)", i, f.bias,
                              f.bias_error, f.deviation));
  }
}

double exact_root(const Exact& x) { return std::sqrt(x.convert_to<double>()); }

}  // namespace

FidelityChoice choose_fidelity(std::span<const DeclaredFidelity> fidelities,
                               const AccuracyDemand& demand) {
  check_demand(fidelities, demand);
  const Exact accuracy = decimal_square(demand.accuracy),
              limit = decimal_of(std::min(demand.budget, demand.deadline));
  std::vector<FidelityOffer> offers;
  bool reached = false;
  for (const DeclaredFidelity& f : fidelities) {
    FidelityOffer o{.bias = decimal_square(f.bias) + decimal_square(f.bias_error),
                    .variance = decimal_square(f.deviation),
                    .cost = decimal_of(f.cost)};
    o.most = floor_of(limit / o.cost);
    const Exact room = accuracy - o.bias;
    if (o.variance == 0 && room >= 0) o.enough = 1;
    if (o.variance > 0 && room > 0) o.enough = ceiling_of(o.variance / room);
    reached = reached || o.reaches();
    offers.push_back(std::move(o));
  }
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    FidelityOffer& o = offers[i];
    o.runs = o.reaches() ? *o.enough : o.variance > 0 ? o.most : std::min<cpp_int>(o.most, 1);
    if (o.runs == 0 || o.reaches() != reached) continue;
    const auto rank = [&](const FidelityOffer& of) {
      return reached ? std::tuple(of.work(), of.error()) : std::tuple(of.error(), of.work());
    };
    if (!best || rank(o) < rank(offers[*best])) best = i;
  }

  FidelityChoice choice{
      .fidelity = best, .reached = reached, .error = std::numeric_limits<double>::infinity()};
  if (best) {
    const DeclaredFidelity& f = fidelities[*best];
    choice.runs = offers[*best].runs.convert_to<std::uint64_t>();
    choice.bias = std::hypot(f.bias, f.bias_error);
    choice.standard_error = f.deviation / std::sqrt(static_cast<double>(choice.runs));
    choice.error = std::hypot(choice.bias, choice.standard_error);
    choice.cost = offers[*best].work().convert_to<double>();
  }
  const auto name = [&](std::size_t i) {
    return fidelities[i].name.empty() ? fmt::format("fidelity {}", i) : fidelities[i].name;
  };
  const std::string bound = demand.deadline < demand.budget
                                ? fmt::format("the deadline allows {:.6g}", demand.deadline)
                                : fmt::format("the budget is {:.6g}", demand.budget);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const FidelityOffer& o = offers[i];
    std::string& why = choice.why_not.emplace_back();
    if (best == i) continue;
    if (o.runs == 0) {
      why = fmt::format("A run takes {:.6g} of work, {}.", fidelities[i].cost, bound);
    } else if (!reached) {
      why = fmt::format("Its error is {:.6g} for {:.6g} of work; with {} it is {:.6g} for {:.6g}.",
                        exact_root(o.error()), o.work().convert_to<double>(), name(*best),
                        choice.error, choice.cost);
    } else if (!o.enough) {
      why = fmt::format("Its bias alone is {:.6g}, the accuracy {:.6g}.", exact_root(o.bias),
                        demand.accuracy);
    } else if (!o.reaches()) {
      why = fmt::format("The accuracy takes {} runs and {:.6g} of work, {}.", o.enough->str(),
                        Exact(o.cost * *o.enough).convert_to<double>(), bound);
    } else {
      why = fmt::format(
          "It takes {:.6g} of work for an error of {:.6g}; with {} it is {:.6g} for {:.6g}.",
          o.work().convert_to<double>(), exact_root(o.error()), name(*best), choice.cost,
          choice.error);
    }
  }
  return choice;
}

}  // namespace twin::uq
