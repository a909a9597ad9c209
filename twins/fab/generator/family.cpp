#include "twins/fab/generator/family.hpp"

namespace twins::fab::generator {

// clang-format off
const Profile& profile(Family family) {
  using enum Step::Per;
  // name, area, groups, per, process [min], cascade, sampling, always, repair [min], PM week, month, by wafers, load
  static constexpr std::array<Profile, FamilyCount> Table = {{
      {"LithoTrack", "Litho", 5, Piece, 1.5, 3.3, 0.0, 1.0, 1.0, 1.0, 705.6, 6.65, 13.29, false, 0.86, 0.90},
      {"LithoScan", "Litho", 6, Piece, 1.5, 3.3, 0.0, 1.0, 1.0, 1.0, 705.6, 6.65, 13.29, false, 0.90, 0.93},
      {"LithoCD", "Litho_Met", 2, Lot, 15.0, 30.0, 0.0, 0.15, 0.60, 0.45, 35.28, 0.0, 13.76, false, 0.76, 0.88},
      {"LithoReg", "Litho_Met", 2, Lot, 15.0, 30.0, 0.0, 0.15, 0.60, 0.45, 35.28, 0.0, 13.76, false, 0.76, 0.88},
      {"DryEtch", "Dry_Etch", 21, Lot, 63.0, 174.0, 0.0, 1.0, 1.0, 1.0, 231.84, 8.74, 17.47, true, 0.80, 0.90},
      {"WetEtch", "Wet_Etch", 14, Piece, 0.6, 1.2, 0.75, 1.0, 1.0, 1.0, 221.76, 8.36, 16.71, true, 0.72, 0.86},
      {"TF", "TF", 11, Lot, 60.0, 89.0, 0.85, 1.0, 1.0, 1.0, 453.6, 9.97, 19.94, true, 0.70, 0.84},
      {"Dielectric", "Dielectric", 10, Lot, 33.0, 59.0, 0.90, 1.0, 1.0, 1.0, 604.8, 13.29, 26.59, true, 0.72, 0.86},
      {"Diffusion", "Diffusion", 10, Batch, 318.0, 539.0, 0.0, 1.0, 1.0, 1.0, 151.2, 0.0, 26.21, false, 0.70, 0.82},
      {"Implant", "Implant", 9, Piece, 0.8, 1.44, 0.75, 1.0, 1.0, 1.0, 604.8, 13.29, 26.59, true, 0.74, 0.84},
      {"DefMet", "Def_Met", 7, Lot, 5.2, 30.0, 0.0, 0.10, 0.60, 0.0, 35.28, 0.0, 13.76, false, 0.62, 0.82},
      {"Planar", "Planar", 6, Lot, 39.0, 77.0, 0.70, 1.0, 1.0, 1.0, 201.6, 17.09, 34.18, true, 0.66, 0.78},
      {"TFMet", "TF_Met", 2, Lot, 5.2, 9.9, 0.0, 0.30, 0.40, 0.0, 35.28, 0.0, 13.76, false, 0.60, 0.76},
      {"Delay", "Delay", 0, Lot, 120.0, 240.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, false, 0.0, 0.0},
  }};
  return Table[static_cast<std::size_t>(family)];
}
// clang-format on

}  // namespace twins::fab::generator
