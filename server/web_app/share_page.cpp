#include "server/web_app/share_page.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "platform/crypto/text_encoding.hpp"
#include "server/core/ids.hpp"
#include "server/core/system_config.hpp"
#include "server/web_app/web_pages.hpp"
#include "slice_web_app_sql.hpp"

namespace immich::web_app {

namespace {

constexpr std::string_view kByKey = "/share/";
constexpr std::string_view kBySlug = "/s/";
/// Where the page wants its tags.
constexpr std::string_view kPlace = "<!-- metadata:tags -->";
/// A share key is 50 bytes: 67 characters of base64url or 100 of hex.
constexpr std::size_t kHexKeyLength = 100;

std::string_view FirstPart(std::string_view path) {
  return path.substr(0, path.find('/'));
}

}  // namespace

struct SharePage::Preview {
  bool has_password = false;
  std::string key;
  std::string title;
  std::string description;
  std::optional<Uuid> cover;
};

bool SharePage::IsFor(const http::Request& request) {
  if (request.method != http::Method::kGet && request.method != http::Method::kHead) return false;
  return request.path.starts_with(kByKey) || request.path.starts_with(kBySlug);
}

Task<std::optional<SharePage::Preview>> SharePage::Find(const http::Request& request) {
  const std::string_view path = request.path;
  pg::Params params;
  if (path.starts_with(kByKey)) {
    const std::string_view key = FirstPart(path.substr(kByKey.size()));
    const auto bytes = key.size() == kHexKeyLength ? crypto::FromHex(key) : crypto::FromBase64Url(key);
    if (!bytes) co_return std::nullopt;
    params = pg::Params{pg::Bytes{*bytes}, nullptr};
  } else {
    params = pg::Params{nullptr, FirstPart(path.substr(kBySlug.size()))};
  }
  const pg::Result rows = co_await db_.Run(sql::kLinkPreviewFind, std::move(params));
  if (rows.empty()) co_return std::nullopt;
  const pg::Row row = rows[0];
  Preview preview;
  preview.has_password = row.Get<bool>("hasPassword");
  preview.key = crypto::ToBase64Url(row.Get<std::span<const std::uint8_t>>("key"));
  preview.title = row.Find<std::string>("albumName").value_or("Public Share");
  preview.description = row.Find<std::string>("description").value_or("");
  if (preview.description.empty()) {
    preview.description = fmt::format("{} shared photos & videos", row.Get<std::int64_t>("count"));
  }
  preview.cover = row.Find<Uuid>("coverId");
  co_return preview;
}

std::string SharePage::Base(const http::Request& request) const {
  std::string base = config_.current().server.external_domain;
  if (base.empty()) base = fmt::format("{}://{}", request.secure ? "https" : "http", request.host);
  while (base.ends_with('/')) base.pop_back();
  return base;
}

Task<http::Response> SharePage::Serve(const http::Request& request) {
  const auto preview = co_await Find(request);
  if (!preview) co_return pages_.Page(request, 404);
  std::string html = pages_.Current().index_html();
  const std::size_t place = html.find(kPlace);
  if (preview->has_password || place == std::string::npos) co_return pages_.Page(request);
  const std::string base = Base(request);
  const std::string image = preview->cover ? fmt::format("{}/api/assets/{}/thumbnail?size=preview&key={}", base,
                                                         preview->cover->ToString(), preview->key)
                                           : base + "/feature-panel.png";
  const std::string title = crypto::EscapeHtml(preview->title);
  const std::string description = crypto::EscapeHtml(preview->description);
  const std::string picture = crypto::EscapeHtml(image);
  html.replace(place, kPlace.size(),
               fmt::format(R"(<meta name="robots" content="noindex" />
    <meta name="description" content="{1}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="{0}" />
    <meta property="og:description" content="{1}" />
    <meta property="og:image" content="{2}" />
    <meta name="twitter:card" content="summary_large_image" />
    <meta name="twitter:title" content="{0}" />
    <meta name="twitter:description" content="{1}" />
    <meta name="twitter:image" content="{2}" />)",
                           title, description, picture));
  co_return pages_.Page(request, 200, std::move(html));
}

http::Handler MakePageHandler(std::string folder, pg::Db& db, const SystemConfig& config) {
  auto pages = std::make_shared<WebPages>(std::move(folder));
  auto shares = std::make_shared<SharePage>(db, config, *pages);
  return [pages, shares](http::Request& request) -> Task<http::Response> {
    if (SharePage::IsFor(request)) co_return co_await shares->Serve(request);
    co_return pages->Serve(request);
  };
}

}  // namespace immich::web_app
