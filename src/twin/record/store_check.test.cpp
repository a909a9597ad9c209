// The conformance test itself finds a store that loses things.
#include "twin/record/store_check.hpp"

#include <gtest/gtest-spi.h>

namespace twin::record {
namespace {

// Keeps its rows in memory; forgets every put of a row that is there already.
class ForgetfulStore final : public Store {
 public:
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }

 private:
  void do_define(const TableShape&) override {}
  void do_put(const TableShape&, std::span<const Cell> cells) override {
    for (std::size_t k = 0; k < cells.size(); k += 5) {
      const Blob packed = std::get<Blob>(cells[k + 4]);
      rows_.try_emplace(
          {std::get<std::int64_t>(cells[k]), std::get<std::int64_t>(cells[k + 1])},
          store_check::Row{.reading = std::get<double>(cells[k + 2]),
                           .words = std::string(std::get<std::string_view>(cells[k + 3])),
                           .packed = {packed.begin(), packed.end()}});
    }
  }
  std::uint64_t do_scan(const TableShape&, const KeyRange& range, ScanOptions,
                        const Visit& visit) override {
    for (const auto& [key, row] : rows_) {
      if (!store_check::holds(range, key)) continue;
      visit(std::vector<Cell>{key.first, key.second, row.reading, std::string_view(row.words),
                              Blob(row.packed)});
    }
    return 0;
  }
  std::uint64_t do_erase(const TableShape&, const KeyRange&) override { return 0; }
  void do_begin() override {}
  void do_commit() override {}
  void do_rollback() noexcept override {}

  std::string name_ = "forgetful";
  store_check::Rows rows_;
};

void check_forgetful() {
  store_check::check_as_a_map([] { return std::make_unique<ForgetfulStore>(); });
}

TEST(StoreCheck, FindsWhatIsLost) {
  // Its green light would mean nothing.
  testing::TestPartResultArray results;
  {
    const testing::ScopedFakeTestPartResultReporter caught(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    check_forgetful();
  }
  EXPECT_GT(results.size(), 0);
}

TEST(StoreCheck, RangesHoldWhatTheySay) {
  // The model that stores are held against would be wrong itself.
  EXPECT_TRUE(store_check::holds({}, {3, 4}));
  EXPECT_TRUE(store_check::holds({.from = 3, .to = 3}, {3, 4}));
  EXPECT_FALSE(store_check::holds({.from = 4}, {3, 4}));
  EXPECT_TRUE(store_check::holds({.equal = {3}, .from = 4, .to = 4}, {3, 4}));
  EXPECT_FALSE(store_check::holds({.equal = {3}, .to = 3}, {3, 4}));
  EXPECT_TRUE(store_check::holds({.equal = {3, 4}}, {3, 4}));
  EXPECT_FALSE(store_check::holds({.equal = {3, 5}}, {3, 4}));
}

}  // namespace
}  // namespace twin::record
