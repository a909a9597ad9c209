// Any text as requests to a desk, a line each: who asks (v, e, a, r, o or A: the accounts of the example; -: nobody;
// anything else: with what the line says as a token), method, target and body between blanks. $1 and $2 stand for the
// digests of. Whatever comes, the answer is one of the API's, its JSON can be read, nobody does what his
// role does not allow, and the record folds into the same people.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "apps/api/example.hpp"
#include "twin/core/expect.hpp"

namespace {

using namespace apps::api;  // NOLINT(google-build-using-namespace)

std::string_view word_of(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::string filled(std::string_view body, const example::House& house) {
  std::string out;
  for (std::size_t k = 0; k < body.size(); ++k) {
    const bool mark = body[k] == '$' && k + 1 < body.size();
    const auto* one = mark ? house.desk.people().find(std::string("R-") + body[k + 1]) : nullptr;
    if (one == nullptr) {
      out += body[k];
    } else {
      out += one->digest.show();
      ++k;
    }
  }
  return out;
}

void ask(example::House& house, std::string_view line) {
  const char letter = line[0];
  line.remove_prefix(1);
  const std::pair<char, const char*> people[] = {{'v', "vera"}, {'e', "emil"}, {'a', "anna"},
                                                 {'r', "arno"}, {'o', "otto"}, {'A', "admin"}};
  const auto* who = std::ranges::find(people, letter, &std::pair<char, const char*>::first);
  const bool known = who != std::end(people);
  const std::string method(word_of(line)), target(word_of(line));
  const std::string body = filled(line, house);
  const std::size_t before = house.twin.notes.size();
  const twin::people::Account* account =
      known ? house.desk.people().accounts().find(who->second) : nullptr;
  const twin::people::Roles roles = account == nullptr ? twin::people::Roles() : account->roles;
  const std::string token = known ? house.token.at(who->second) : letter == '-' ? "" : body;
  house.now += 20;
  const Answer a = house.send(token, method, target, body);
  static constexpr unsigned All[] = {200, 201, 202, 400, 401, 403, 404, 405, 409, 413, 415, 429};
  TWIN_ENSURE(std::ranges::count(All, a.status) == 1, a.status, a.body);
  if (a.type == "application/json") static_cast<void>(twin::people::parse_json(a.body, "answer"));
  const bool wrote = house.twin.notes.size() != before;
  TWIN_ENSURE(a.waits_for == (wrote ? house.twin.notes.size() : 0), a.waits_for);
  if (a.status >= 400 && a.status != 409) TWIN_ENSURE(!wrote, a.status, a.body);
  if (!wrote) return;
  const Found found = find_route(method, read_target(target));
  TWIN_ENSURE(found.route != nullptr);
  const bool ticket = found.route->op == Op::Stream;
  TWIN_ENSURE(known || ticket);
  TWIN_ENSURE(ticket || twin::people::may(roles, found.route->permission), target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view left(reinterpret_cast<const char*>(data), size);
  DeskOptions options = example::options();
  options.openapi = "{}";  // making it anew each time would take most of the time
  example::House house(std::move(options));
  static_cast<void>(house.propose(twin::people::example::advice()));
  static_cast<void>(house.propose(twin::people::example::set_point()));
  for (int k = 0; k < 20 && !left.empty(); ++k) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    if (!line.empty()) ask(house, line);
  }
  house.desk.tick(house.now);
  twin::people::People again;
  for (const auto& note : house.twin.notes) again.apply(note);
  TWIN_ENSURE(again == house.desk.people());
  return 0;
}
