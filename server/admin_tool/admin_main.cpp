#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <string>

#include "platform/async/blocking.hpp"
#include "platform/async/event_loop.hpp"
#include "platform/config/environment.hpp"
#include "platform/error/error.hpp"
#include "platform/log/log.hpp"
#include "platform/pg/pg_pool.hpp"
#include "platform/process/embedded_postgres.hpp"
#include "server/admin_tool/admin_commands.hpp"
#include "server/core/server_version.hpp"
#include "server/core/system_config.hpp"

namespace immich::admin_tool {
namespace {

using Command = std::function<Task<void>(AdminCommands&)>;

/// One line of the standard input; what a person types is not shown.
std::string ReadSecret(const char* question) {
  const bool is_person = isatty(STDIN_FILENO) == 1;
  termios shown{};
  if (is_person) {
    fmt::print(stderr, "{}", question);
    tcgetattr(STDIN_FILENO, &shown);
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &hidden);
  }
  std::string line;
  std::getline(std::cin, line);
  if (is_person) {
    tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    fmt::print(stderr, "\n");
  }
  return line;
}

Task<void> ResetPassword(AdminCommands& commands) {
  const bool is_made_up_by_us = isatty(STDIN_FILENO) == 1;
  std::string password = ReadSecret("New password (empty: one is made up): ");
  if (password.empty() && !is_made_up_by_us) fmt::print(stderr, "No password on the standard input: one is made up\n");
  const bool show = password.empty();
  const auto made = co_await commands.ResetAdminPassword(std::move(password));
  fmt::print("The password of {} is changed.\n", made.email);
  if (show) fmt::print("The new password: {}\n", made.password);
}

Task<void> ListUsers(AdminCommands& commands) {
  const auto users = co_await commands.ListUsers();
  for (const auto& user : users)
    fmt::print("{}  {:<13}  {}  {}\n", user.id.ToString(), user.is_admin ? "administrator" : "", user.email, user.name);
  fmt::print("{} accounts\n", users.size());
}

std::string DatabaseUrl(const config::Environment& environment) {
  return environment.uses_embedded_postgres()
             ? process::EmbeddedPostgresUrl(environment.media_location + "/postgres", "immich")
             : environment.db_url;
}

/// Runs `command` on the installation the environment names. The server need not run, but its database must.
void RunOnDatabase(const Command& command) {
  const config::Environment environment = config::ReadEnvironment();
  StartBlockingPool(1);
  boost::asio::io_context io(1);
  std::exception_ptr failure;
  pg::PoolOptions options;
  options.url = DatabaseUrl(environment);
  options.max_connections = 1;
  pg::Pool db(io.get_executor(), std::move(options));
  SystemConfigOptions config_options;
  config_options.file = environment.config_file;
  SystemConfig config(db, std::move(config_options));
  AdminCommands commands(db, config);
  auto body = [&]() -> Task<void> {
    try {
      co_await config.Load();
      co_await command(commands);
    } catch (...) {
      failure = std::current_exception();
    }
    io.stop();
  };
  Spawn(io, "immich-admin", body());
  io.run();
  StopBlockingPool();
  if (failure) std::rethrow_exception(failure);
}

int Main(int argc, char** argv) {
  CLI::App app{
      "What the operator of an Immich server may do without an account. Reads the server's environment variables "
      "(docs/operations.md); run it as the server's account, while the database is up."};
  app.set_version_flag("--version", std::string(kServerVersionText));
  app.require_subcommand(1);
  Command command;
  std::string email;
  const auto add = [&](const char* name, const char* what, Command body) {
    CLI::App* const made = app.add_subcommand(name, what);
    made->callback([&command, body = std::move(body)] { command = body; });
    return made;
  };
  add("reset-admin-password", "give the administrator a new password, read from the standard input", ResetPassword);
  add("list-users", "list all accounts", ListUsers);
  const auto set_admin = [&email](bool is_admin) -> Command {
    return [&email, is_admin](AdminCommands& commands) { return commands.SetAdmin(email, is_admin); };
  };
  add("grant-admin", "make an account an administrator", set_admin(true))->add_option("email", email)->required();
  add("revoke-admin", "make an administrator a user", set_admin(false))->add_option("email", email)->required();
  add("enable-password-login", "let people log in with a password",
      [](AdminCommands& commands) { return commands.SetPasswordLogin(true); });
  add("disable-password-login", "let nobody log in with a password",
      [](AdminCommands& commands) { return commands.SetPasswordLogin(false); });
  add("enable-oauth-login", "let people log in through the identity provider",
      [](AdminCommands& commands) { return commands.SetOAuthLogin(true); });
  add("disable-oauth-login", "let nobody log in through the identity provider",
      [](AdminCommands& commands) { return commands.SetOAuthLogin(false); });
  bool is_version = false;
  app.add_subcommand("version", "print the version")->callback([&is_version] { is_version = true; });
  CLI11_PARSE(app, argc, argv);
  if (is_version) {
    fmt::print("{}\n", kServerVersionText);
    return 0;
  }
  log::SetLevel(log::Level::kWarn);
  RunOnDatabase(command);
  return 0;
}

}  // namespace
}  // namespace immich::admin_tool

int main(int argc, char** argv) {
  try {
    return immich::admin_tool::Main(argc, argv);
  } catch (const immich::Unavailable&) {
    fmt::print(stderr, "immich-admin: the database does not answer; start the server (or its database) first\n");
  } catch (const immich::InternalError& error) {
    fmt::print(stderr, "immich-admin: {}\n", error.detail());
  } catch (const std::exception& error) {
    fmt::print(stderr, "immich-admin: {}\n", error.what());
  }
  return 1;
}
