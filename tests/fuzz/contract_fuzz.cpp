// Requests of clients: path, query, form and body of operations with every kind of member.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/assets_api.hpp"
#include "api/codec/json_text.hpp"
#include "api/config_admin_api.hpp"
#include "api/search_api.hpp"
#include "api/timeline_api.hpp"
#include "api/users_api.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_message.hpp"
#include "platform/json/json_parse.hpp"

namespace {

using namespace immich;

/// Every answer to a broken request is itself JSON.
void CheckAnswer(const Error& error) {
  json::Document::Parse(error.JsonBody());
}

template <class Operation>
void Try(const http::Request& request, std::string_view body) {
  try {
    Operation::Parse(request, body);
  } catch (const BadRequest& error) {
    CheckAnswer(error);
  } catch (const ValidationError& error) {
    CheckAnswer(error);
  }
}

/// What was read, written and read again is the same.
template <class T>
void TryRoundTrip(std::string_view text) {
  T value;
  try {
    value = api::FromJson<T>(text);
  } catch (const Error& error) {
    CheckAnswer(error);
    return;
  }
  if (api::FromJson<T>(api::ToJson(value)) != value) std::abort();
}

void TryForm(const http::QueryParams& texts) {
  try {
    api::UploadAsset::ParseForm(texts.items());
  } catch (const Error& error) {
    CheckAnswer(error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  http::Request request;
  switch (data[0] % 8) {
    case 0:
      Try<api::SearchAssets>(request, text);
      break;
    case 1:
      Try<api::UpdateMyPreferences>(request, text);
      break;
    case 2:
      TryRoundTrip<api::UserPreferencesUpdateDto>(text);
      break;
    case 3:
      TryRoundTrip<api::AdminConfigDto>(text);
      break;
    case 4:
      request.query = http::QueryParams::Parse(text);
      Try<api::SearchLargeAssets>(request, "");
      Try<api::GetTimeBucket>(request, "");
      break;
    case 5:
      request.path_params = {{"id", std::string(text)}};
      Try<api::GetAssetInfo>(request, "");
      break;
    case 6:
      request.path_params = {{"id", "8a853ce1-205f-4636-aec0-9fd1d31143ff"}};
      Try<api::EditAsset>(request, text);
      Try<api::UpdateAssetMetadata>(request, text);
      break;
    default:
      TryForm(http::QueryParams::Parse(text));
  }
  return 0;
}
