// Where an adapter hands its messages over, and how it hears what became of them: the only seam
// between the links and the door.
#pragma once
#include <functional>

#include "twin/link/arrival.hpp"

namespace twin::link {

// Called once for each arrival, in the thread that runs the door; within take() where the answer is
// known at once, else when the record is durable.
using Done = std::function<void(Taken)>;

// Takes an arrival whose events are numbered by the adapter's own names.
using Sink = std::function<void(Arrival&&, Done)>;

}  // namespace twin::link
