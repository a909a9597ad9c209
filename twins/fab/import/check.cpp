// What takes several files to see: batches that can never fill, and what nothing uses.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

// Steps whose lots may share a batch draw from one pool: their own route's lots, or, where batches
// mix routes of one family, the lots of all those routes.
struct Pool {
  std::set<std::uint32_t> lot_sizes;   // [wafers] that occur
  std::uint32_t largest_batch = 0;     // [wafers]
  std::vector<std::uint32_t> reached;  // [wafers] how many totals up to here some set of lots gives
};

// Every total that lots of these sizes can give, any number of each (the coin problem).
void fill(Pool& pool) {
  std::vector<char> total(pool.largest_batch + 1U, 0);
  total[0] = 1;
  pool.reached.assign(pool.largest_batch + 1U, 0);
  for (std::uint32_t w = 1; w <= pool.largest_batch; ++w) {
    for (const std::uint32_t size : pool.lot_sizes) {
      if (size > w) break;
      if (total[w - size] != 0) total[w] = 1;
    }
    pool.reached[w] = pool.reached[w - 1] + (total[w] != 0 ? 1U : 0U);
  }
}

void check_batches(const Reading& reading) {
  const Description& fab = reading.fab;
  const std::size_t routes = fab.routes.size();
  std::vector<std::set<std::uint32_t>> sizes(routes);  // [route]
  for (const Stream& s : fab.streams) sizes[fab.products[s.product].route].insert(s.wafers);
  for (const ListedLot& l : fab.lots) sizes[fab.products[l.product].route].insert(l.wafers);
  std::vector<Pool> pools(routes + reading.batch_keys.size());
  const auto pool_of = [&](std::size_t route, const Step& s) -> Pool& {
    return pools[s.batch_key == None ? route : routes + s.batch_key];
  };
  for (std::size_t r = 0; r < routes; ++r) {
    for (const Step& s : fab.routes[r].steps) {
      if (s.batch_max == 0) continue;
      Pool& pool = pool_of(r, s);
      pool.lot_sizes.insert(sizes[r].begin(), sizes[r].end());
      pool.largest_batch = std::max(pool.largest_batch, s.batch_max);
    }
  }
  for (Pool& pool : pools) {
    if (!pool.lot_sizes.empty()) fill(pool);
  }
  for (std::size_t r = 0; r < routes; ++r) {
    if (sizes[r].empty()) continue;
    const Table& table = reading.route_tables[r];
    Header h(table);
    const Column max = h.maybe("BATCHMX");
    const Column min = h.maybe("BATCHMN");
    for (std::size_t i = 0; i < fab.routes[r].steps.size(); ++i) {
      const Step& s = fab.routes[r].steps[i];
      if (s.batch_max == 0) continue;
      const Row row{&table, i};
      if (*sizes[r].rbegin() > s.batch_max) {
        row[max].fail(
            fmt::format("maximum {} below a lot of {} wafers", s.batch_max, *sizes[r].rbegin()),
            "the lot could never be processed");
      }
      const Pool& pool = pool_of(r, s);
      if (pool.reached[s.batch_max] == pool.reached[s.batch_min - 1U]) {
        row[min].fail(fmt::format("no batch of {} to {} wafers can form", s.batch_min, s.batch_max),
                      fmt::format("lots have {} wafers", fmt::join(pool.lot_sizes, ", ")));
      }
    }
  }
}

void warn(Reading& reading, const std::string& file, std::size_t line, const std::string& text) {
  reading.fab.warnings.push_back(fmt::format("{}:{}: {}", file, line, text));
}

void warn_unused(Reading& reading) {
  const Description& fab = reading.fab;
  std::vector<char> group_used(fab.tool_groups.size(), 0);
  std::vector<char> setup_used(fab.setups.size(), 0);
  std::vector<char> product_used(fab.products.size(), 0);
  for (const Route& route : fab.routes) {
    for (const Step& s : route.steps) {
      group_used[s.group] = 1;
      if (s.setup != None) setup_used[s.setup] = 1;
    }
  }
  for (const Stream& s : fab.streams) product_used[s.product] = 1;
  for (const ListedLot& l : fab.lots) product_used[l.product] = 1;
  for (std::uint32_t g = 0; g < group_used.size(); ++g) {
    if (group_used[g] != 0) continue;
    warn(reading, reading.files.tools, reading.groups.line(g),
         "no step uses tool group " + quote(fab.tool_groups[g].name));
  }
  for (std::uint32_t s = 0; s < setup_used.size(); ++s) {
    if (setup_used[s] != 0) continue;
    // A setup that no step has was met in one of these two files, the groups first.
    const bool grouped = fab.setups[s].minimum_run != 0;
    warn(reading, grouped ? reading.files.setup_groups : reading.files.setups,
         reading.setups.line(s), "no step uses setup " + quote(fab.setups[s].name));
  }
  for (std::uint32_t p = 0; p < product_used.size(); ++p) {
    if (product_used[p] != 0) continue;
    warn(reading, reading.files.products, reading.products.line(p),
         "product " + quote(fab.products[p].name) + " is never released");
  }
}

// In the text form a file with a slip in its name would be passed over; the release keeps inactive
// files.
void warn_unread(Reading& reading) {
  if (reading.files.listed) return;
  const FileList& f = reading.files;
  static const std::vector<std::string> Known = {
      "tool.txt",     "tool.txt.1l", "part.txt",  "order.txt",  "WIP.txt",    "setup.txt",
      "setupgrp.txt", "downcal.txt", "pmcal.txt", "attach.txt", "fromto.txt", "options.def"};
  for (const auto& [name, bytes] : reading.folder->files) {
    if (std::find(Known.begin(), Known.end(), name) != Known.end()) continue;
    if (std::find(reading.route_files.begin(), reading.route_files.end(), name) !=
        reading.route_files.end())
      continue;
    std::vector<std::string> missing;  // names that this one may be a slip of
    for (const std::string& known : Known) {
      if (!reading.folder->files.contains(known) && known != f.tools) missing.push_back(known);
    }
    reading.fab.warnings.push_back(sentence(name + ": this file is not read",
                                            "no other file names it", did_you_mean(name, missing)));
  }
}

}  // namespace

void check(Reading& reading) {
  check_batches(reading);
  warn_unused(reading);
  warn_unread(reading);
}

}  // namespace twins::fab::import
