#include "apps/api/message.hpp"

#include "twin/people/json_value.hpp"

namespace apps::api {

Answer problem(unsigned status, std::string_view why) {
  Answer answer{.status = status, .body = "{\"error\":"};
  twin::people::put_json(answer.body, why);
  answer.body += '}';
  return answer;
}

}  // namespace apps::api
