// What a server that runs for months has of the system's memory: no more than it holds. Both are
// glibc's; elsewhere they do nothing.
#pragma once

namespace apps::fabtwin::serve {

// From now on what is 1 MiB or more, a snapshot's bytes say, goes back to the system when it is
// freed. By itself glibc raises that threshold to what was freed last, up to 32 MiB, and keeps the
// holes. Call it before much is allocated.
void return_large_blocks();

// Gives back the free pages between what is held: beliefs and forecasts come and go among messages
// that stay. Some milliseconds for 50 MiB.
void return_free_pages();

}  // namespace apps::fabtwin::serve
