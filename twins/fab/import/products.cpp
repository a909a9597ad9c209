// part.txt: the products, and the file in which each one's route stands.
#include <fmt/core.h>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

// Two products may share a route file; then it is read once.
std::uint32_t route_of(Reading& reading, const Cell& file, const Cell& route,
                       const std::string& family) {
  const std::string file_name = file.name();
  const std::string route_name = route.blank() ? file_name : route.name();
  for (std::uint32_t r = 0; r < reading.route_files.size(); ++r) {
    if (reading.route_files[r] != file_name) continue;
    if (reading.routes.name(r) != route_name) {
      route.fail("a second name for " + file_name,
                 "it is read as " + quote(reading.routes.name(r)));
    }
    for (const Step& step : reading.fab.routes[r].steps) {
      if (step.batch_key != None && reading.route_families[r] != family) {
        file.fail("route of two families with batches by family",
                  fmt::format("{} and {}", quote(reading.route_families[r]), quote(family)));
      }
    }
    return r;
  }
  if (!reading.folder->files.contains(file_name)) {
    std::vector<std::string> present;
    for (const auto& [name, bytes] : reading.folder->files) present.push_back(name);
    file.fail("no file " + quote(file_name), "the route is read from it",
              did_you_mean(file_name, present));
  }
  if (reading.routes.find(route_name) != None) {
    (route.blank() ? file : route)
        .fail("route " + quote(route_name) + " stands in two files",
              "one of them would be passed over");
  }
  return read_route(reading, file_name, route_name, family);
}

}  // namespace

void read_products(Reading& reading) {
  const Table table = open(reading, reading.files.products);
  Header h(table);
  const Column family = h.maybe("PARTFAM");
  const Column part = h.need("PART");
  const Column file = h.need("ROUTEFILE");
  const Column route = h.maybe("ROUTE");
  h.skip({"PARTGRP"});
  h.finish(reading.fab.warnings);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    static_cast<void>(define(row[part], reading.products, "product"));
    Product product;
    product.name = row[part].name();
    product.family = row[family].blank() ? product.name : row[family].name();
    product.route = route_of(reading, row[file], row[route], product.family);
    reading.fab.products.push_back(std::move(product));
  }
}

}  // namespace twins::fab::import
