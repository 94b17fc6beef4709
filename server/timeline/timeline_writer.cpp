#include "server/timeline/timeline_writer.hpp"

#include <cmath>

#include "platform/crypto/text_encoding.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/time/time_point.hpp"
#include "server/timeline/timeline_query.hpp"

namespace immich::timeline {

namespace {

using ByteSpan = std::span<const std::uint8_t>;

constexpr double kMicrosecondsPerHour = 3'600'000'000.0;

/// Writes `"<name>":[…]` with one value a row.
template <class WriteValue>
void WriteColumn(std::string& out, std::string_view name, const pg::Result& rows, WriteValue write_value) {
  out += out.size() == 1 ? "\"" : ",\"";
  out += name;
  out += "\":[";
  bool first = true;
  for (const pg::Row row : rows) {
    if (!first) out += ',';
    first = false;
    write_value(row);
  }
  out += ']';
}

void WriteId(std::string& out, const Uuid& id) {
  char text[38];
  text[0] = text[37] = '"';
  id.Write(text + 1);
  out.append(text, sizeof text);
}

/// width / height to three decimals; 1 when unknown (facts: timeline-search, column `ratio`).
double Ratio(const pg::Row& row) {
  const int width = row.Find<int>(kWidth).value_or(0);
  const int height = row.Find<int>(kHeight).value_or(0);
  return width <= 0 || height <= 0 ? 1.0 : std::round(width * 1000.0 / height) / 1000.0;
}

class BucketWriter {
 public:
  BucketWriter(const pg::Result& rows, std::string& out) : rows_(rows), out_(out) {}

  void Flag(std::string_view name, int column) {
    WriteColumn(out_, name, rows_, [&](const pg::Row& row) { out_ += row.Get<bool>(column) ? "true" : "false"; });
  }
  void Ids(std::string_view name, int column) {
    WriteColumn(out_, name, rows_, [&](const pg::Row& row) {
      if (row.IsNull(column)) {
        out_ += "null";
      } else {
        WriteId(out_, row.Get<Uuid>(column));
      }
    });
  }
  void Text(std::string_view name, int column) {
    WriteColumn(out_, name, rows_, [&](const pg::Row& row) {
      if (row.IsNull(column)) {
        out_ += "null";
      } else {
        json::AppendString(out_, row.Get<std::string_view>(column));
      }
    });
  }
  void Number(std::string_view name, int column) {
    WriteColumn(out_, name, rows_, [&](const pg::Row& row) {
      if (row.IsNull(column)) {
        out_ += "null";
      } else {
        json::AppendDouble(out_, row.Get<double>(column));
      }
    });
  }
  void Integer(std::string_view name, int column) {
    WriteColumn(out_, name, rows_, [&](const pg::Row& row) {
      if (row.IsNull(column)) {
        out_ += "null";
      } else {
        json::AppendInt(out_, row.Get<std::int64_t>(column));
      }
    });
  }
  /// Compat: UTC wall time without zone, as PostgreSQL's JSON shows a timestamp.
  void Time(std::string_view name, int column) {
    WriteColumn(out_, name, rows_, [&](const pg::Row& row) {
      out_ += '"';
      AppendIsoWithoutZone(out_, row.Get<TimePoint>(column));
      out_ += '"';
    });
  }
  void Thumbhash() {
    WriteColumn(out_, "thumbhash", rows_, [&](const pg::Row& row) {
      if (row.IsNull(kThumbhash)) {
        out_ += "null";
        return;
      }
      out_ += '"';
      crypto::AppendBase64(out_, row.Get<ByteSpan>(kThumbhash));
      out_ += '"';
    });
  }
  void Favorite(UserId viewer) {
    WriteColumn(out_, "isFavorite", rows_, [&](const pg::Row& row) {
      out_ += row.Get<bool>(kIsFavorite) && row.Get<UserId>(kOwnerId) == viewer ? "true" : "false";
    });
  }
  void LocalOffset() {
    WriteColumn(out_, "localOffsetHours", rows_, [&](const pg::Row& row) {
      const auto offset = row.Get<TimePoint>(kLocalDateTime) - row.Get<TimePoint>(kFileCreatedAt);
      json::AppendDouble(out_, static_cast<double>(offset.count()) / kMicrosecondsPerHour);
    });
  }
  void Ratios() {
    WriteColumn(out_, "ratio", rows_, [&](const pg::Row& row) { json::AppendDouble(out_, Ratio(row)); });
  }
  /// Compat: `[stack id, count]`, both strings.
  void Stacks() {
    WriteColumn(out_, "stack", rows_, [&](const pg::Row& row) {
      if (row.IsNull(kStackId)) {
        out_ += "null";
        return;
      }
      out_ += '[';
      WriteId(out_, row.Get<Uuid>(kStackId));
      out_ += ",\"";
      json::AppendInt(out_, row.Get<std::int64_t>(kStackCount));
      out_ += "\"]";
    });
  }

 private:
  const pg::Result& rows_;
  std::string& out_;
};

}  // namespace

std::string WriteBucketCounts(const pg::Result& rows) {
  std::string out = "[";
  for (const pg::Row row : rows) {
    if (out.size() > 1) out += ',';
    out += R"({"count":)";
    json::AppendInt(out, row.Get<std::int64_t>(1));
    out += R"(,"timeBucket":")";
    out += ToIsoDate(row.Get<TimePoint>(0));
    out += "\"}";
  }
  out += ']';
  return out;
}

std::string WriteBucket(const pg::Result& rows, const BucketColumns& columns) {
  std::string out = "{";
  out.reserve(512 + rows.size() * 320);
  BucketWriter writer(rows, out);
  if (columns.with_places) {
    writer.Text("city", kCity);
    writer.Text("country", kCountry);
  }
  writer.Time("createdAt", kCreatedAt);
  writer.Integer("duration", kDuration);
  writer.Time("fileCreatedAt", kFileCreatedAt);
  writer.Ids("id", kId);
  writer.Favorite(columns.viewer);
  writer.Flag("isImage", kIsImage);
  writer.Flag("isTrashed", kIsTrashed);
  if (columns.with_coordinates) {
    writer.Number("latitude", kLatitude);
    writer.Number("longitude", kLongitude);
  }
  writer.Ids("livePhotoVideoId", kLivePhotoVideoId);
  writer.LocalOffset();
  writer.Ids("ownerId", kOwnerId);
  writer.Text("projectionType", kProjectionType);
  writer.Ratios();
  if (columns.with_stacks) writer.Stacks();
  // Compat: GET /timeline/bucket: `status` is not in the contract, but the original sends it.
  writer.Text("status", kStatus);
  writer.Thumbhash();
  writer.Text("visibility", kVisibility);
  out += '}';
  return out;
}

}  // namespace immich::timeline
