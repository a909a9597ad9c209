#include "apps/fabtwin/assimilate/experiments_page.hpp"

#include <fmt/format.h>

#include "apps/fabtwin/assimilate/run.hpp"
#include "apps/fabtwin/reference.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string key_table(std::span<const Key> keys) {
  Rows rows;
  for (const Key& key : keys) rows.push_back({code(key.name), key.standard, key.text});
  return markdown_table({"key", "default", "meaning"}, rows);
}

std::string bound(double value) { return fmt::format("{:g}", value); }

}  // namespace

std::string experiments_page() {
  std::string text =
      "# Experiments: the files of fabtwin assimilate\n\n"
      "TOML. A key that is not known, of another type or out of its bounds is an error with its "
      "line.\n[Assimilation](../assimilation.md) explains; `data/experiments` holds examples.\n\n"
      "## The file\n\n" +
      key_table(experiment_keys()) +
      "\n## [model] and [truth]\n\n`name` is one of those below; `theta = {NAME = VALUE, ...}` "
      "sets "
      "parameters of the members. `[truth]` has a\n`theta` too: what it does not name is the "
      "members', what it does is a model error.\n";
  for (const ModelEntry& model : models()) {
    text += fmt::format("\n### {}\n\n{}. `interval` counts {}.\n", model.name, model.text,
                        model.interval);
    Rows rows;
    for (const auto& p : model.theta) {
      rows.push_back({code(p.name), p.unit, bound(p.nominal),
                      bound(p.lower) + " to " + bound(p.upper), p.source});
    }
    if (!rows.empty()) {
      text += "\n" + markdown_table({"theta", "unit", "default", "bounds", "meaning"}, rows);
    }
    if (!model.keys.empty()) text += "\n" + key_table(model.keys);
  }
  text += "\n## [observations]\n\n" + key_table(Network::keys()) +
          "\n## [[method]]\n\nOne table each; all see the same truths and observations.\n\n" +
          key_table(method_keys());
  for (const MethodEntry& method : methods()) {
    text += fmt::format("\n### {}\n\n{}.\n", method.name, method.text);
    if (method.needs != Ability::Parameters) {
      text += fmt::format("For {}.\n", models_for(method));
    }
    if (!method.keys.empty()) text += "\n" + key_table(method.keys);
  }
  return made_page(text);
}

}  // namespace apps::fabtwin::assimilate
