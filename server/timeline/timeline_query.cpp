#include "server/timeline/timeline_query.hpp"

#include <array>
#include <charconv>

namespace immich::timeline {

namespace {

// The expression of the index asset_localDateTime_month_idx: it must stay the same for the planner to use it.
constexpr std::string_view kTakenMonth =
    R"((date_trunc('MONTH', a."localDateTime" AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'))";
constexpr std::string_view kCreatedMonth =
    R"((date_trunc('MONTH', a."createdAt" AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'))";

std::string_view MonthOf(const TimelineFilter& filter) {
  return filter.by_created_at ? kCreatedMonth : kTakenMonth;
}

void AppendBoundingBox(QueryBuilder& query, const BoundingBox& box) {
  query.And(fmt::format("e.latitude BETWEEN {} AND {}", query.Bind(box.south), query.Bind(box.north)));
  const std::string west = query.Bind(box.west);
  const std::string east = query.Bind(box.east);
  if (box.west <= box.east) {
    query.And(fmt::format("e.longitude BETWEEN {} AND {}", west, east));
  } else {
    query.And(fmt::format("(e.longitude >= {} OR e.longitude <= {})", west, east));
  }
}

void AppendMembership(QueryBuilder& query, const TimelineFilter& filter) {
  if (filter.album) {
    query.AndElsewhere(
        fmt::format(R"(EXISTS (SELECT FROM album_asset aa WHERE aa."assetId" = a.id AND aa."albumId" = {}))",
                    query.Bind(*filter.album)));
  }
  if (filter.person) {
    query.AndElsewhere(fmt::format(R"(EXISTS (SELECT FROM asset_face f WHERE f."assetId" = a.id AND f."personId" = {}
       AND f."deletedAt" IS NULL AND f."isVisible"))",
                                   query.Bind(*filter.person)));
  }
  if (filter.tag) {
    query.AndElsewhere(
        fmt::format(R"(EXISTS (SELECT FROM tag_asset ta JOIN tag_closure tc ON tc.id_descendant = ta."tagId"
       WHERE ta."assetId" = a.id AND tc.id_ancestor = {}))",
                    query.Bind(*filter.tag)));
  }
}

void AppendConditions(QueryBuilder& query, const TimelineFilter& filter) {
  query.Sql("\nWHERE true");
  if (!filter.owners.empty()) query.And(fmt::format(R"(a."ownerId" = ANY({}::uuid[]))", query.Bind(filter.owners)));
  if (filter.visibility.empty()) {
    query.And("a.visibility IN ('archive', 'timeline')");
  } else {
    query.And(fmt::format("a.visibility = {}::asset_visibility_enum", query.Bind(filter.visibility)));
  }
  query.And(filter.is_trashed ? R"(a."deletedAt" IS NOT NULL AND a.status <> 'deleted')" : R"(a."deletedAt" IS NULL)");
  if (filter.is_favorite) query.And(fmt::format(R"(a."isFavorite" = {})", query.Bind(*filter.is_favorite)));
  if (filter.with_stacked) query.And(R"((a."stackId" IS NULL OR s.id IS NOT NULL))");
  AppendMembership(query, filter);
  if (filter.bounding_box) AppendBoundingBox(query, *filter.bounding_box);
}

void AppendStackJoin(QueryBuilder& query, const TimelineFilter& filter) {
  if (filter.with_stacked) query.Sql("\nLEFT JOIN stack s ON s.id = a.\"stackId\" AND s.\"primaryAssetId\" = a.id");
}

}  // namespace

std::optional<BoundingBox> BoundingBox::Parse(std::string_view text) {
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (i == 3)) return std::nullopt;
    const std::string_view part = text.substr(0, comma);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), numbers[i]);
    if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
    text = i == 3 ? std::string_view{} : text.substr(comma + 1);
  }
  const BoundingBox box{numbers[0], numbers[1], numbers[2], numbers[3]};
  const auto in_range = [](double value, double limit) { return value >= -limit && value <= limit; };
  if (!in_range(box.west, 180) || !in_range(box.east, 180) || !in_range(box.south, 90) || !in_range(box.north, 90)) {
    return std::nullopt;
  }
  return box.south <= box.north ? std::optional(box) : std::nullopt;
}

QueryBuilder BuildBucketCounts(const TimelineFilter& filter) {
  QueryBuilder query;
  query.Sql("SELECT ").Sql(MonthOf(filter)).Sql(" AS month, count(*)\nFROM asset a");
  if (filter.bounding_box) query.Sql("\nJOIN asset_exif e ON e.\"assetId\" = a.id");
  AppendStackJoin(query, filter);
  AppendConditions(query, filter);
  query.Sql("\nGROUP BY month\nORDER BY month").Sql(filter.ascending ? "" : " DESC");
  return query;
}

QueryBuilder BuildBucket(const TimelineFilter& filter, TimePoint month) {
  QueryBuilder query;
  query.Sql(R"(SELECT a.id, a."ownerId", a.width, a.height, a."isFavorite", a.visibility, a."deletedAt" IS NOT NULL,
  a.type = 'IMAGE', a.thumbhash, a."fileCreatedAt", a."createdAt", a."localDateTime", a.duration, e."projectionType",
  a."livePhotoVideoId", e.city, e.country, e.latitude, e.longitude, a.status)");
  if (filter.with_stacked) {
    query.Sql(R"(, s.id, (SELECT count(*) FROM asset member WHERE member."stackId" = s.id AND member."deletedAt" IS NULL
    AND member.visibility = 'timeline'))");
  }
  query.Sql("\nFROM asset a\nLEFT JOIN asset_exif e ON e.\"assetId\" = a.id");
  AppendStackJoin(query, filter);
  AppendConditions(query, filter);
  query.And(fmt::format("{} = {}::timestamptz", MonthOf(filter), query.Bind(month)));
  const std::string_view direction = filter.ascending ? "" : " DESC";
  if (filter.by_created_at) {
    query.Sql(fmt::format("\nORDER BY a.\"createdAt\"{0}, a.\"fileCreatedAt\"{0}", direction));
  } else {
    query.Sql(
        fmt::format("\nORDER BY (a.\"localDateTime\" AT TIME ZONE 'UTC')::date{0}, a.\"fileCreatedAt\"{0}", direction));
  }
  return query;
}

}  // namespace immich::timeline
