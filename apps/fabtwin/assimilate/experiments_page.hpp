// The page of the reference about experiments of assimilation, from the lists that read them.
#pragma once
#include <string>

namespace apps::fabtwin::assimilate {

std::string experiments_page();  // the keys, models and methods of fabtwin assimilate

}  // namespace apps::fabtwin::assimilate
