// Channels to processes of data/stdio_vendor.py, which says what they can be told to do.
#pragma once

#include "base/spawn.hpp"
#include "channel_fixture.hpp"
#include "fake/source_tree.hpp"

namespace vendor_test {

class StdioTest : public ChannelTest {
 protected:
  static std::shared_ptr<vendor::Definition> python(std::vector<std::string> options = {}) {
    auto definition = std::make_shared<vendor::Definition>();
    definition->slug = "acme";
    definition->enabled = true;
    std::vector<std::string> arguments{fake::source_tree() + "/tests/unit/vendor/data/stdio_vendor.py"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    definition->stdio = vendor::StdioTransport{.command = "python3", .arguments = arguments, .environment = {}};
    return definition;
  }

  Answer tool(const std::shared_ptr<vendor::Channel>& channel, const std::string& name,
              const std::string& arguments = "{}", std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    return call(channel, "tools/call", R"({"name":")" + name + R"(","arguments":)" + arguments + "}", patience);
  }

  std::future<Answer> begin(const std::shared_ptr<vendor::Channel>& channel, const std::string& name,
                            const std::string& arguments, std::size_t thread) {
    const auto params = R"({"name":")" + name + R"(","arguments":)" + arguments + "}";
    return base::spawn(threads_.executor(thread), ask(channel, "tools/call", params, std::chrono::seconds(30)),
                       boost::asio::use_future);
  }
};

}  // namespace vendor_test
