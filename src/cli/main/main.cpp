// The command line: what there is, what it takes, and which function does it.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "base/version.hpp"
#include "base/yaml.hpp"
#include "cli/commands.hpp"

namespace {

// A command's failure at start is told in one line, without a stack of causes.
template <class Command>
int run(Command command) {
  try {
    return command();
  } catch (const base::ConfigError& e) {
    std::cerr << "mcp-gateway: configuration: " << e.what() << '\n';
  } catch (const std::exception& e) {
    std::cerr << "mcp-gateway: " << e.what() << '\n';
  }
  return 1;
}

void add_user_commands(CLI::App& app, const cli::Common& common, int& status) {
  auto* user = app.add_subcommand("user", "People who may sign in");
  user->require_subcommand(1);
  static std::string login;
  static std::string name;
  static bool owner = false;
  auto* add = user->add_subcommand("add", "Add a person; prints a one-time link to set the password");
  add->add_option("login", login, "What the person signs in with")->required();
  add->add_option("--name", name, "Display name");
  add->add_flag("--owner", owner, "May administer the gateway");
  add->callback([&] { status = run([&] { return cli::add_user(common, login, name, owner); }); });
  auto* reset = user->add_subcommand("reset", "Print a one-time link to set a new password");
  reset->add_option("login", login, "What the person signs in with")->required();
  reset->callback([&] { status = run([&] { return cli::reset_user(common, login); }); });
  user->add_subcommand("list", "Everybody, with role and state")->callback([&] {
    status = run([&] { return cli::list_users(common); });
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("One URL, one sign-in, every vendor's tools: a gateway for the Model Context Protocol.", "mcp-gateway");
  app.require_subcommand(1);
  app.set_version_flag("--version", "mcp-gateway " MCPGW_VERSION);
  auto common = cli::common_from_environment();
  app.add_option("--config", common.config_file, "Configuration file (YAML)");
  app.fallthrough();

  int status = 0;
  app.add_subcommand("serve", "Run the gateway")->callback([&] { status = run([&] { return cli::serve(common); }); });
  app.add_subcommand("check-config", "Check the configuration and every vendor definition, and say what is switched on")
      ->callback([&] { status = run([&] { return cli::check_config(common); }); });
  add_user_commands(app, common, status);
  auto* key = app.add_subcommand("key", "The master key");
  key->require_subcommand(1);
  key->add_subcommand("rotate", "Add a version to the master key and seal everything anew under it")->callback([&] {
    status = run([&] { return cli::rotate_key(common); });
  });
  std::string listen = "127.0.0.1:8090";
  std::string stdio_vendor;
  auto* demo = app.add_subcommand("demo-vendor", "Serve the two demo vendors, to try the gateway without a real one");
  demo->add_option("--listen", listen, "Address and port")->capture_default_str();
  demo->add_option("--stdio", stdio_vendor, "Speak over stdio instead, as demo-docs or demo-tickets");
  demo->callback([&] { status = run([&] { return cli::demo_vendor(listen, stdio_vendor); }); });

  CLI11_PARSE(app, argc, argv);
  return status;
}
