// If these failed, smoothers would be tested on a model that is none.
#include "twin/infer/smooth/example.hpp"

#include <gtest/gtest.h>

#include "twin/contract/check_model.hpp"

namespace twin::infer::smooth {
namespace {

TWIN_CHECK_MODEL(SwingModel, [] {
  return contract::ModelCase<Swing>{
      .model = {}, .theta = {0.5, 0.01}, .draw = {.seed = 1, .member = 0}, .horizon = 50};
});

}  // namespace
}  // namespace twin::infer::smooth
