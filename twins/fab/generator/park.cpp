#include "twins/fab/generator/park.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"
#include "twins/fab/generator/question.hpp"

namespace twins::fab::generator {
namespace {

// Tool time that one lot of 25 wafers asks of the group per pass; batches hold four to six lots.
double work_minutes(const Operation& op) {
  const Profile& p = profile(op.family);
  const double jobs = p.per == Step::Per::Piece ? 25.0 : p.per == Step::Per::Batch ? 0.2 : 1.0;
  return op.sampling * jobs * op.minutes * (p.cascade > 0.0 ? p.cascade : 1.0);
}

std::uint32_t operations_of(const Flow& flow, Family family, Stage stage) {
  std::uint32_t count = 0;
  for (const Layer& layer : flow.layers) {
    if (layer.stage != stage) continue;
    for (const Operation& op : layer.operations) count += op.family == family;
  }
  return count;
}

void add_groups(const Flow& flow, Family family, std::uint32_t count,
                std::vector<Park::Group>& groups) {
  const std::uint32_t front = operations_of(flow, family, Stage::FrontEnd);
  const std::uint32_t back = operations_of(flow, family, Stage::BackEnd);
  if (front + back == 0) return;
  if (count == 1 || front == 0 || back == 0) {
    count = std::min(count, std::max(front, back));
    if (front > 0 && back > 0) count = 1;
    for (std::uint32_t k = 0; k < count; ++k) groups.push_back({family, k + 1, true, true});
    return;
  }
  const std::uint32_t for_front =
      std::clamp((3 * count + 2) / 5, 1U, count - 1);  // three fifths, rounded
  const std::uint32_t fronts = std::min(for_front, front);
  const std::uint32_t backs = std::min(count - for_front, back);
  for (std::uint32_t k = 0; k < fronts; ++k) groups.push_back({family, k + 1, true, false});
  for (std::uint32_t k = 0; k < backs; ++k) groups.push_back({family, fronts + k + 1, false, true});
}

}  // namespace

std::vector<std::uint32_t> apportion(std::uint32_t tool_groups) {
  TWIN_EXPECT(tool_groups >= MinGroups, tool_groups, MinGroups);
  std::vector<std::uint32_t> count(ToolFamilyCount, 1);
  count[static_cast<std::size_t>(Family::LithoTrack)] =
      count[static_cast<std::size_t>(Family::LithoScan)] = 2;
  // One by one to the family that is furthest below its weight: weight / (count + 1/2),
  // Sainte-Lague's rule.
  for (std::uint32_t given = MinGroups; given < tool_groups; ++given) {
    std::size_t best = 0;
    double best_claim = -1.0;
    for (std::size_t f = 0; f < ToolFamilyCount; ++f) {
      const double claim = profile(static_cast<Family>(f)).weight / (count[f] + 0.5);
      if (claim > best_claim) best = f, best_claim = claim;
    }
    ++count[best];
  }
  return count;
}

Park make_park(const Flow& flow, std::uint32_t tool_groups, const twin::core::Draw& draw) {
  Park park;
  const std::vector<std::uint32_t> count = apportion(tool_groups);
  for (std::size_t f = 0; f < FamilyCount; ++f) {
    add_groups(flow, static_cast<Family>(f), f < ToolFamilyCount ? count[f] : 1, park.groups);
  }
  std::vector<double> weight(park.groups.size()), work(park.groups.size(), 0.0);
  for (std::uint32_t g = 0; g < weight.size(); ++g) {
    weight[g] = 0.5 + draw.uniform(number(Question::GroupWeight), g, 0);
  }
  for (std::uint32_t l = 0; l < flow.layers.size(); ++l) {
    const Layer& layer = flow.layers[l];
    double products = 0.0;
    for (const auto& layers : flow.products) {
      products += std::binary_search(layers.begin(), layers.end(), l) ? 1.0 : 0.0;
    }
    std::vector<std::uint32_t> of_layer;
    for (const Operation& op : layer.operations) {
      // The group that is furthest below its share of the family's work; critical layers all meet
      // in the first one, because a lens that they share must be in it.
      std::uint32_t best = None;
      for (std::uint32_t g = 0; g < park.groups.size(); ++g) {
        const Park::Group& group = park.groups[g];
        const bool serves = layer.stage == Stage::FrontEnd ? group.front_end : group.back_end;
        if (group.family != op.family || !serves) continue;
        if (best == None || (!op.critical && work[g] / weight[g] < work[best] / weight[best]))
          best = g;
      }
      TWIN_ENSURE(best != None, l, profile(op.family).name);
      work[best] += products * work_minutes(op);
      of_layer.push_back(best);
    }
    park.group_of.push_back(std::move(of_layer));
  }
  return park;
}

}  // namespace twins::fab::generator
