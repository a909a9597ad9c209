#include "twin/event/glossary.hpp"

#include <array>

namespace twin::event {
namespace {

// clang-format off
constexpr std::array Kinds = {
    KindMeaning{Kind::Unknown, "a message that no other kind fits; see its raw bytes", "", ""},
    KindMeaning{Kind::LotReleased, "enters the fab", "product", "due date (`tick`)"},
    KindMeaning{Kind::ArrivedAtQueue, "waits for a tool of the step from now on", "", ""},
    KindMeaning{Kind::SkippedBySampling, "the step is left out at this visit", "", ""},
    KindMeaning{Kind::SetupStarted, "the tool changes over", "new setup", ""},
    KindMeaning{Kind::LoadStarted, "the job's carriers go into the tool", "", ""},
    KindMeaning{Kind::ProcessingStarted, "the recipe runs", "", ""},
    KindMeaning{Kind::ProcessingSuspended, "stopped by a breakdown, to be taken up again", "", ""},
    KindMeaning{Kind::ProcessingResumed, "taken up again", "", ""},
    KindMeaning{Kind::ProcessingEnded, "the recipe has run", "", ""},
    KindMeaning{Kind::Unloaded, "the carrier may leave the tool", "", ""},
    KindMeaning{Kind::BatchFormed, "the lot belongs to the job from now on; one event a lot", "", ""},
    KindMeaning{Kind::ReworkDecided, "goes back; `step` is where it was decided", "", "the step it goes back to"},
    KindMeaning{Kind::Moved, "transport has begun", "destination", ""},
    KindMeaning{Kind::Held, "taken out of dispatch", "reason", ""},
    KindMeaning{Kind::ReleasedFromHold, "back in dispatch", "reason of the hold", ""},
    KindMeaning{Kind::Split, "`wafers` leave with a new lot", "the new **lot**", ""},
    KindMeaning{Kind::Merged, "`wafers` come in from another lot", "the other **lot**", ""},
    KindMeaning{Kind::Scrapped, "`wafers` are lost", "reason", ""},
    KindMeaning{Kind::PriorityChanged, "another priority from now on", "", "new priority"},
    KindMeaning{Kind::Finished, "has left the fab complete", "", ""},
    KindMeaning{Kind::ToolStateChanged, "SEMI E10 state", "the fab's own sub-state", "tool state (`state`)"},
    KindMeaning{Kind::PmDue, "maintenance waits for the tool to be free", "calendar", ""},
    KindMeaning{Kind::PmStarted, "maintenance begins", "calendar", ""},
    KindMeaning{Kind::PmEnded, "maintenance is done", "calendar", ""},
    KindMeaning{Kind::ToolDown, "breakdown", "cause", ""},
    KindMeaning{Kind::ToolUp, "repaired", "cause", ""},
    KindMeaning{Kind::RecipeChanged, "a parameter of `recipe`", "parameter", "new value"},
    KindMeaning{Kind::ConstantChanged, "an equipment constant", "constant", "new value"},
    KindMeaning{Kind::ClockChanged, "the source's clock was set", "", "new minus old (`ms`)"},
    KindMeaning{Kind::AlarmSet, "an alarm is on", "alarm", ""},
    KindMeaning{Kind::AlarmCleared, "an alarm is off again", "alarm", ""},
    KindMeaning{Kind::Measurement, "one number", "parameter", "measured value"},
    KindMeaning{Kind::TraceSamples, "a part of a trace; the raw bytes hold it", "parameter", "how many (`count`)"},
    KindMeaning{Kind::CommandApproved, "allowed by the guard", "command", ""},
    KindMeaning{Kind::CommandSent, "given to the fab", "command", ""},
    KindMeaning{Kind::CommandAcknowledged, "the fab has taken it", "command", ""},
    KindMeaning{Kind::CommandFailed, "the fab has refused it, or it went wrong", "command", ""},
    KindMeaning{Kind::CommandVerified, "its effect was seen in what the fab reports", "command", ""},
};

constexpr std::array Fields = {
    FieldMeaning{Column::At, "int64", "ms since time zero", "when it happened, by the source's clock"},
    FieldMeaning{Column::Arrived, "int64", "ms since time zero", "when it reached us; the model writes `at` again"},
    FieldMeaning{Column::Source, "uint32", "id: source", "the link or tool that said it"},
    FieldMeaning{Column::SourceSeq, "uint64", "", "the source's own counter; gaps and duplicates show"},
    FieldMeaning{Column::Kind, "uint16", "", "what happened, below"},
    FieldMeaning{Column::Lot, "uint32", "id: lot", "the lot concerned"},
    FieldMeaning{Column::Wafers, "uint32", "wafers", "how many are concerned; 0: not said"},
    FieldMeaning{Column::Carrier, "uint32", "id: carrier", "the carrier concerned"},
    FieldMeaning{Column::Tool, "uint32", "id: tool", "the tool concerned"},
    FieldMeaning{Column::Chamber, "uint32", "id: chamber", "the chamber concerned"},
    FieldMeaning{Column::Route, "uint32", "id: route", "with `step` the operation"},
    FieldMeaning{Column::Step, "uint32", "", "position within the route, from 0"},
    FieldMeaning{Column::Visit, "uint32", "", "steps the lot had begun before: one that comes back is a new visit"},
    FieldMeaning{Column::Recipe, "uint32", "id: recipe", "the recipe concerned"},
    FieldMeaning{Column::Job, "uint32", "", "number of the tool's job, or of the batch; it has no name"},
    FieldMeaning{Column::Item, "uint32", "id: item, or lot for `split` and `merged`", "what else the kind speaks of"},
    FieldMeaning{Column::Value, "double", "`unit`", "depends on the kind; without a value 0 with the empty unit"},
    FieldMeaning{Column::Unit, "uint8", "", "below"},
    FieldMeaning{Column::Quality, "uint8", "", "below"},
    FieldMeaning{Column::RawOffset, "uint64", "bytes", "where the raw message begins in the source's raw file"},
    FieldMeaning{Column::RawLength, "uint32", "bytes", "its length; 0: none is kept"},
};
// clang-format on

}  // namespace

std::span<const KindMeaning> kind_meanings() { return Kinds; }
std::span<const FieldMeaning> field_meanings() { return Fields; }

}  // namespace twin::event
