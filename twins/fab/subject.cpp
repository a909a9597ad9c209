#include "twins/fab/subject.hpp"

namespace twins::fab {

using twin::event::Kind;

Subject subject_of(Kind kind) {
  switch (kind) {
    case Kind::LotReleased:
    case Kind::SkippedBySampling:
    case Kind::Moved:
    case Kind::ArrivedAtQueue:
    case Kind::ReworkDecided:
    case Kind::Finished:
    case Kind::Held:
    case Kind::ReleasedFromHold:
    case Kind::Split:
    case Kind::Merged:
    case Kind::Scrapped:
    case Kind::PriorityChanged: return Subject::Lot;
    case Kind::BatchFormed:
    case Kind::SetupStarted:
    case Kind::LoadStarted:
    case Kind::ProcessingStarted:
    case Kind::ProcessingSuspended:
    case Kind::ProcessingResumed:
    case Kind::ProcessingEnded:
    case Kind::Unloaded: return Subject::LotInTool;
    case Kind::ToolDown:
    case Kind::ToolUp:
    case Kind::PmDue:
    case Kind::PmStarted:
    case Kind::PmEnded: return Subject::Tool;
    default: return Subject::Nothing;
  }
}

}  // namespace twins::fab
