#include "apps/fabtwin/uq/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "twin/core/error.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::sheet::Sheet;

struct StudyKind {
  const char* name;
  std::unique_ptr<Asked> (*read)(Sheet&, const Study&);
};
constexpr std::array StudyKinds = {
    StudyKind{"propagate", read_propagate}, StudyKind{"rank", read_rank},
    StudyKind{"emulate", read_emulate},     StudyKind{"rare", read_rare},
    StudyKind{"invert", read_invert},       StudyKind{"design", read_design}};

}  // namespace

twin::uq::AnyFunction Work::of_uniforms(std::size_t output) const {
  return twin::uq::function_of(queue, output, [&inputs = study.inputs](std::span<const double> u) {
    return inputs.of_uniforms(u);
  });
}

twin::uq::AnyFunction Work::of_normals(std::size_t output) const {
  return twin::uq::function_of(queue, output, [&inputs = study.inputs](std::span<const double> z) {
    return inputs.of_normals(z);
  });
}

std::size_t Study::output_of(Sheet& table, const std::string& key) const {
  const std::string name = table.choice(key, model.outputs, model.outputs.front());
  return static_cast<std::size_t>(std::ranges::find(model.outputs, name) - model.outputs.begin());
}

Study read_study(const std::string& text, const std::string& file) {
  const twin::sheet::Value value = twin::sheet::read_toml(text, file);
  Sheet top(value, file, "");
  const std::filesystem::path path(file);
  const std::string folder = path.parent_path().string();
  Study study{.beside = folder};
  std::string given;
  for (const StudyKind& kind : StudyKinds) {
    if (!top.has(kind.name)) continue;
    if (!given.empty())
      top.refuse(kind.name,
                 fmt::format("[{}] beside [{}] (a study asks one thing)", kind.name, given));
    given = kind.name;
  }
  if (given.empty())
    top.refuse("",
               "nothing is asked (one of [propagate], [rank], [emulate], [rare], [invert], "
               "[design] is needed)");
  study.kind = given;
  Sheet about = top.table("study");
  study.title = about.text("title", path.stem().string());
  study.seed = static_cast<std::uint64_t>(about.integer("seed", {.least = 0.0}, 1));
  study.threads =
      static_cast<unsigned>(about.integer("threads", {.least = 1.0, .most = 1024.0}, 1));
  study.folder = path_from(folder, about.text("folder", path.stem().string() + ".runs"));
  about.finish();
  Sheet model = top.table("model");
  study.model = read_model(model, folder);
  if (top.has("cheaper")) {
    for (Sheet& table : top.tables("cheaper")) {
      Cheaper cheap{.model = {}, .cost = table.number("cost", twin::sheet::Range::positive())};
      if (table.has("bias")) cheap.bias = table.number("bias", {.least = 0.0});
      if (table.has("deviation")) cheap.deviation = table.number("deviation", {.least = 0.0});
      cheap.bias_error = table.number("bias_error", {.least = 0.0}, 0.0);
      cheap.model = read_model(table, folder);
      study.cheaper.push_back(std::move(cheap));
    }
  }
  study.inputs = read_inputs(top, study.model);
  try {
    static_cast<void>(study.model.make(study.inputs.names()));
    for (const Cheaper& c : study.cheaper) static_cast<void>(c.model.make(study.inputs.names()));
  } catch (const twin::core::Error& e) {
    top.refuse("model", std::string("[model]: ") + e.what());
  }
  Sheet asked = top.table(given);
  for (const StudyKind& kind : StudyKinds)
    if (kind.name == given) study.asked = kind.read(asked, study);
  asked.finish();
  top.finish();
  return study;
}

}  // namespace apps::fabtwin::uq
