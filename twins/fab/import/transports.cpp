// fromto.txt: how long a lot is under way from one location to another.
#include <set>
#include <utility>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {

void read_transports(Reading& reading) {
  if (reading.files.transports.empty()) return;
  const Table table = open(reading, reading.files.transports);
  Header h(table);
  const Column from = h.need("FROMLOC");
  const Column to = h.need("TOLOC");
  const Column law = h.maybe("DDIST");
  const Column time = h.need("DTIME");
  const Column half = h.maybe("DTIME2");
  const Column unit = h.need("DUNITS");
  h.finish(reading.fab.warnings);
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    Transport t;
    t.from =
        reading.locations.name(find(row[from], reading.locations, "location", reading.files.tools));
    t.to =
        reading.locations.name(find(row[to], reading.locations, "location", reading.files.tools));
    if (!seen.emplace(t.from, t.to).second) {
      row[to].fail("transport from " + quote(t.from) + " to " + quote(t.to) + " appears twice",
                   "one time must hold");
    }
    t.duration = duration({row[law], row[time], row[half], row[unit]});
    reading.fab.transports.push_back(std::move(t));
  }
}

}  // namespace twins::fab::import
