// Writes a fab in the SMT2020 text form: the inverse of twins/fab/import, so that what is written
// is read back equal.
// (`export` is a keyword of the language, so this folder's names live in twins::fab.)
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "twins/fab/description.hpp"

namespace twins::fab {

// The files' bytes by name: tool.txt.1l, part.txt, route_1.txt, ..., order.txt, and those of
// WIP.txt, setup.txt, setupgrp.txt, downcal.txt, pmcal.txt, attach.txt and fromto.txt that have
// rows. Throws twin::core::Error where the form has no place for something: a tool's initial setup,
// weights, unreleased fractions of a second, odd names. Not written: the fab's name (the folder is
// called so) and its warnings. Setups and routes are read back in the order in which the files name
// them, which is that of every Description that was read or generated.
std::map<std::string, std::string> smt2020_files(const Description& fab);

// The same into a folder, which is made; one that holds a data set already is refused, nothing is
// overwritten.
void write_smt2020(const Description& fab, const std::filesystem::path& folder);

}  // namespace twins::fab
