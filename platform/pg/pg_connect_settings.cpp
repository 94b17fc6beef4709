#include "platform/pg/pg_connect_settings.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>

#include "platform/error/error.hpp"

namespace immich::pg {

ConnectSettings ConnectSettings::Parse(const std::string& url, const std::string& application_name) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &message),
                                                                             &PQconninfoFree);
  if (!options) {
    const std::string detail = message != nullptr ? message : "out of memory";
    PQfreemem(message);
    throw InternalError(fmt::format("database URL is not usable: {}", detail));
  }
  // Later ones override earlier ones. A peer that vanished without a word is noticed within about a minute.
  ConnectSettings settings{{{"application_name", application_name},
                            {"keepalives_idle", "30"},
                            {"keepalives_interval", "10"},
                            {"keepalives_count", "3"},
                            {"tcp_user_timeout", "60000"},
                            {"gssencmode", "disable"}}};
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) settings.parameters.emplace_back(option->keyword, option->val);
  }
  settings.parameters.emplace_back("client_encoding", "UTF8");
  return settings;
}

bool ConnectSettings::NeedsLookup() const {
  const auto last = std::find_if(parameters.rbegin(), parameters.rend(),
                                 [](const auto& parameter) { return parameter.first == "host"; });
  if (last == parameters.rend()) return false;
  const std::string& host = last->second;
  return !host.empty() && host.front() != '/' && host.front() != '@';
}

}  // namespace immich::pg
