// Who comes in: tokens, and how often anybody may ask. Whoever shows a right token is counted by his account;
// all others by their address, and sooner where they show wrong tokens. Memory is bounded whoever comes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "apps/api/message.hpp"
#include "twin/people/accounts.hpp"
#include "twin/people/throttle.hpp"

namespace apps::api {

namespace people = twin::people;

struct Visitor {
  std::string account = {};
  people::Roles roles = {};
  people::Bits64 token = {};  // its name
  people::TokenUse use = people::TokenUse::Session;
  Tick expires = 0;  // [ms since 1970]
};

struct Paces {
  people::Pace strangers{.every_ms = 50, .burst = 100};        // an address, without a right token
  people::Pace wrong_tokens{.every_ms = 30'000, .burst = 10};  // an address
  people::Pace accounts{.every_ms = 20, .burst = 200};
  people::Pace scenarios{.every_ms = 5'000, .burst = 10};  // an account
};

class Entrance {
 public:
  explicit Entrance(const Paces& paces = {});

  // Of what needs no token: a 429, or nothing.
  [[nodiscard]] std::optional<Answer> stranger(const Request& request);
  // By the header, or by the ticket of the query where there is one.
  [[nodiscard]] std::variant<Visitor, Answer> visitor(const people::Accounts& accounts,
                                                      const Request& request,
                                                      const std::string* ticket);
  [[nodiscard]] std::optional<Answer> scenario(const std::string& account, Tick now);

  // An entry on who was turned away since the last one: at most one a minute.
  [[nodiscard]] std::optional<people::AccountEntry> turned_away(Tick now);
  [[nodiscard]] std::size_t memory() const;  // [keys]

 private:
  Answer wrong(const Request& request);

  people::Buckets strangers_, wrong_tokens_, accounts_, scenarios_;
  std::uint64_t tries_ = 0;  // wrong tokens that no entry speaks of yet
  std::string last_ = {};    // the address of the last of them
  Tick told_ = 0;            // [ms since 1970] when the last entry was made
};

}  // namespace apps::api
