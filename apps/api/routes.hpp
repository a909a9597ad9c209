// All that can be asked, one table: routing, permissions, what queries and bodies are taken and the OpenAPI
// text are read from it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/api/target.hpp"
#include "twin/people/roles.hpp"

namespace apps::api {

enum class Op : std::uint8_t {
  Health,
  OpenApi,
  Enter,
  ShowMe,
  ShowTokens,
  NewToken,
  EndToken,
  NewTicket,
  Stream,
  ShowState,
  ShowLots,
  ShowLot,
  ShowGroups,
  ShowGroup,
  ShowTool,
  ShowSeries,
  ShowForecasts,
  ShowMetrics,
  ShowAlarms,
  ShowFab,
  ShowTools,
  ShowJobs,
  ShowScores,
  ShowDoubts,
  ShowQuarantine,
  ShowProvenances,
  ShowProvenance,
  ShowEntry,
  ShowMoments,
  AskMoment,
  ShowWafers,
  ShowWaferMaps,
  Shelve,
  AcknowledgeAlarms,
  Validate,
  ShowRules,
  ShowScenarios,
  AskScenario,
  ShowScenario,
  ShowResult,
  ShowCases,
  Propose,
  ShowCase,
  ShowOutcome,
  ShowLearning,
  TryValue,
  Edit,
  Approve,
  Reject,
  Send,
  Acknowledge,
  Fail,
  Verify,
  Undo,
  ShowAudit,
  ShowAccounts,
  OpenAccount,
  ChangeRoles,
  CloseAccount,
  RenewToken,
  RevokeTokens,
};

struct Query {
  std::string_view name, meaning;
  std::string_view schema;  // JSON Schema of its value
};

// What an answer holds that is none of the types in bodies.hpp.
inline constexpr std::string_view TwinsOwn = "TwinDocument", MetricsText = "Metrics",
                                  Events = "Events", OpenApiText = "OpenApi";

struct Route {
  Op op;
  std::string_view method;
  std::string_view path;  // "/v1/lots/{lot}"
  twin::people::Permission permission;
  std::string_view takes;  // type of the body; empty: it takes none
  unsigned status;         // of a success
  std::string_view gives;  // type of the answer
  std::string_view summary;
  std::span<const Query> queries = {};
};

[[nodiscard]] std::span<const Route> routes();

struct Found {
  const Route* route = nullptr;         // nullptr: nothing answers this
  std::vector<std::string> names = {};  // for what stands in braces, in order
  std::string allow = {};  // the methods that this path answers; empty: there is no such path
};
// HEAD is answered as GET.
[[nodiscard]] Found find_route(std::string_view method, const Target& target);

// "{lot}": whether this name of a route's path stands for another.
[[nodiscard]] bool is_open(std::string_view name);
[[nodiscard]] std::vector<std::string_view> names_of(std::string_view path);

}  // namespace apps::api
