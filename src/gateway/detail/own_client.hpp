// What the gateway says and does as the client of a vendor, where it stands for nobody else.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/task_group.hpp"
#include "mcp/envelope.hpp"
#include "vendor/channel.hpp"

namespace gateway {

// A request of the gateway's own, in the words of the channel's era, and the whole response to it, an error response
// too, with kPadding readable bytes behind. What the vendor says before is of no interest. `params`: members of the
// object,
// "" for none; `name`: what the request is about, for Mcp-Name. Errors: those of vendor::Call::next; vendor_invalid.
base::Async<std::string> ask_vendor(std::shared_ptr<vendor::Channel> channel, std::string method, std::string params,
                                    std::string name, base::SteadyTime deadline);

// 2025-11-25 basic/utilities/tasks, "Cancelling Tasks". Errors: as ask_vendor().
base::Async<void> cancel_task(std::shared_ptr<vendor::Channel> channel, std::string task_id, base::SteadyTime deadline);

// Answers a vendor's request on a channel where nobody else can: a ping as it should be, anything else with an error.
void answer_vendor(base::TaskGroup& tasks, std::shared_ptr<vendor::Channel> channel, const mcp::Envelope& request);

}  // namespace gateway
