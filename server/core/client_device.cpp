#include "server/core/client_device.hpp"

#include <array>
#include <cctype>
#include <string_view>

namespace immich {

namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct NamedToken {
  std::string_view token;
  std::string_view name;
};

// Order matters: Edge and Opera also claim Chrome, Chrome claims Safari.
constexpr std::array kBrowsers = {
    NamedToken{"Edg/", "Edge"},
    NamedToken{"OPR/", "Opera"},
    NamedToken{"SamsungBrowser/", "Samsung Internet"},
    NamedToken{"Firefox/", "Firefox"},
    NamedToken{"FxiOS/", "Firefox"},
    NamedToken{"HeadlessChrome/", "Chrome Headless"},
    NamedToken{"CriOS/", "Chrome"},
    NamedToken{"Chromium/", "Chromium"},
    NamedToken{"Chrome/", "Chrome"},
    NamedToken{"Safari/", "Safari"},
};
constexpr std::array kSystems = {
    NamedToken{"Windows", "Windows"}, NamedToken{"Android", "Android"}, NamedToken{"iPhone", "iOS"},
    NamedToken{"iPad", "iOS"},        NamedToken{"Mac OS X", "macOS"},  NamedToken{"CrOS", "Chrome OS"},
    NamedToken{"Linux", "Linux"},
};

template <std::size_t N>
std::string NameOf(std::string_view agent, const std::array<NamedToken, N>& tokens) {
  for (const NamedToken& entry : tokens) {
    if (Contains(agent, entry.token)) return std::string(entry.name);
  }
  return {};
}

std::optional<std::string> VersionAfter(std::string_view agent, std::string_view prefix) {
  const std::size_t begin = agent.find(prefix);
  if (begin == std::string_view::npos) return std::nullopt;
  std::string_view rest = agent.substr(begin + prefix.size());
  std::size_t length = 0;
  while (length < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[length])) || rest[length] == '.' ||
                                  rest[length] == '-' || rest[length] == '+')) {
    ++length;
  }
  if (length == 0 || length > 64) return std::nullopt;
  return std::string(rest.substr(0, length));
}

std::optional<std::string> AppVersion(std::string_view agent) {
  constexpr std::array<std::string_view, 6> kPrefixes = {"immich-android/", "immich-ios/", "immich-unknown/",
                                                         "Immich_Android_", "Immich_iOS_", "Immich_Unknown_"};
  for (std::string_view prefix : kPrefixes) {
    if (auto version = VersionAfter(agent, prefix)) return version;
  }
  return std::nullopt;
}

}  // namespace

ClientDevice DescribeClient(const http::Request& request) {
  const std::string_view agent = request.headers.Get("user-agent");
  ClientDevice device;
  device.type = NameOf(agent, kBrowsers);
  device.os = NameOf(agent, kSystems);
  if (device.type.empty()) device.type = std::string(request.headers.Get("devicemodel"));
  if (device.os.empty()) device.os = std::string(request.headers.Get("devicetype"));
  device.app_version = AppVersion(agent);
  return device;
}

}  // namespace immich
