// The order files: lots released again and again (rows with REPEAT), lots released once, and the
// lots that are in the fab at time zero (rows with CURSTEP).
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

constexpr std::uint64_t MaxReleases = 1'000'000'000'000;
constexpr std::uint64_t MaxPriority = 1'000'000;

struct OrdersColumns {
  Column lot, part, priority, pieces, start, law, repeat, unit, count, lots, due, hot, step;
  OrdersColumns(Header h, std::vector<std::string>& warnings)
      : lot(h.need("LOT")),
        part(h.need("PART")),
        priority(h.need("PRIOR")),
        pieces(h.need("PIECES")),
        start(h.need("START")),
        law(h.maybe("RDIST")),
        repeat(h.maybe("REPEAT")),
        unit(h.maybe("RUNITS")),
        count(h.maybe("RPT#")),
        lots(h.maybe("LOTSPERRPT")),
        due(h.need("DUE")),
        hot(h.maybe("HOTLOT")),
        step(h.maybe("CURSTEP")) {
    h.skip({"ORDER", "TRACE"});
    h.finish(warnings);
  }
};

// What both kinds of row say.
struct Common {
  std::string name;
  std::uint32_t product = 0, wafers = 0;
  std::int32_t priority = 0;
  double start_ms = 0.0, due_ms = 0.0;
};

Common read_common(const Reading& reading, const Row& row, const OrdersColumns& c) {
  Common lot;
  lot.name = row[c.lot].name();
  lot.product = find(row[c.part], reading.products, "product", reading.files.products);
  lot.priority = static_cast<std::int32_t>(row[c.priority].count(MaxPriority));
  lot.wafers = static_cast<std::uint32_t>(row[c.pieces].count(MaxWafers));
  lot.start_ms = row[c.start].date_ms(reading.files.zero_s);
  if (lot.start_ms < 0)
    row[c.start].fail(quote(row[c.start].text()) + " is before time zero", "time starts there");
  if (row[c.due].blank()) row[c.due].fail("missing due date", "every lot and stream needs one");
  lot.due_ms = row[c.due].date_ms(reading.files.zero_s);
  if (row[c.step].blank() && lot.due_ms < lot.start_ms) {  // a lot under way may be late already
    row[c.due].fail("due before START", "a due date lies after the release");
  }
  return lot;
}

Stream read_stream(const Reading& reading, const Row& row, const OrdersColumns& c) {
  static const std::array<std::string, 3> Laws = {"constant", "uniform", "exponential"};
  const Common lot = read_common(reading, row, c);
  if (!row[c.step].blank())
    row[c.step].fail("CURSTEP with REPEAT", "repeated lots start at their first step");
  Stream stream;
  stream.name = lot.name;
  stream.product = lot.product;
  stream.priority = lot.priority;
  stream.wafers = lot.wafers;
  stream.start_ms = lot.start_ms;
  stream.due_offset_ms = lot.due_ms - lot.start_ms;
  if (!row[c.law].blank()) {
    stream.interval.law = static_cast<Duration::Law>(row[c.law].one_of(Laws));
    if (stream.interval.law == Duration::Law::Uniform) {
      row[c.law].fail("unsupported law 'uniform'", "intervals are constant or exponential");
    }
  }
  stream.interval.mean_ms = interval_ms(row[c.repeat], row[c.unit]);
  stream.count = row[c.count].count(MaxReleases);
  if (!row[c.lots].blank())
    stream.lots_per_release = static_cast<std::uint32_t>(row[c.lots].count(10'000));
  stream.reserves = row[c.hot].yes();
  return stream;
}

ListedLot read_lot(const Reading& reading, const Row& row, const OrdersColumns& c) {
  const Common common = read_common(reading, row, c);
  for (const Column other : {c.count, c.lots}) {
    if (!row[other].blank() && row[other].text() != "1") {
      row[other].fail(fmt::format("{} without REPEAT", other.name), "the lot is released once");
    }
  }
  ListedLot lot;
  lot.name = common.name;
  lot.product = common.product;
  lot.priority = common.priority;
  lot.wafers = common.wafers;
  lot.start_ms = common.start_ms;
  lot.due_ms = common.due_ms;
  lot.reserves = row[c.hot].yes();
  if (const Cell step = row[c.step]; !step.blank()) {
    const Route& route = reading.fab.routes[reading.fab.products[lot.product].route];
    const std::uint64_t number = step.count(MaxSteps);
    if (number > route.steps.size()) {
      step.fail("no step " + quote(step.text()),
                fmt::format("route {} has {} steps", quote(route.name), route.steps.size()));
    }
    if (lot.start_ms > 0) {
      row[c.start].fail("CURSTEP with a START after time zero",
                        "only lots in the fab at time zero have a step");
    }
    lot.step = static_cast<std::uint32_t>(number - 1);
  }
  return lot;
}

}  // namespace

void read_orders(Reading& reading) {
  auto& fab = reading.fab;
  std::unordered_set<std::string> names;  // asked, never iterated
  for (const std::string& file : reading.files.orders) {
    const Table table = open(reading, file);
    const OrdersColumns c(Header(table), fab.warnings);
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const Row row{&table, i};
      if (!names.emplace(row[c.lot].name()).second) {
        row[c.lot].fail("lot " + quote(row[c.lot].text()) + " appears twice",
                        "names tell lots apart");
      }
      if (row[c.repeat].blank()) {
        fab.lots.push_back(read_lot(reading, row, c));
      } else {
        fab.streams.push_back(read_stream(reading, row, c));
      }
      if (fab.lots.size() > MaxLots) row[c.lot].fail("too many lots", "at most 5 million");
      if (fab.streams.size() > MaxStreams)
        row[c.lot].fail("too many streams", "at most 100 thousand");
    }
  }
  std::stable_partition(fab.lots.begin(), fab.lots.end(),
                        [](const ListedLot& l) { return l.step != None; });
}

}  // namespace twins::fab::import
