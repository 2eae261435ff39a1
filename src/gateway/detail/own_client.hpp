// What the gateway says and does as the client of a vendor, where it stands for nobody else.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/task_group.hpp"
#include "mcp/envelope.hpp"
#include "vendor/channel.hpp"

namespace gateway {

// Params of initialize; it offers nothing.
[[nodiscard]] std::string own_initialize_params();

// Answers a vendor's request on a channel where nobody else can: a ping as it should be, anything else with an error.
void answer_vendor(base::TaskGroup& tasks, std::shared_ptr<vendor::Channel> channel, const mcp::Envelope& request);

}  // namespace gateway
