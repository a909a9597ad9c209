// The columns in which `fabtwin assimilate` writes its scores: what each figure is, for the reference too.
#pragma once
#include <vector>

#include "apps/fabtwin/csv.hpp"

namespace apps::fabtwin {

std::vector<CsvColumn> score_columns();

}  // namespace apps::fabtwin
