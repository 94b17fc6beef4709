#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "platform/async/event_loop.hpp"
#include "platform/http/http_message.hpp"
#include "platform/testing/temporary_directory.hpp"
#include "server/assets/asset_upload.hpp"
#include "server/core/access.hpp"
#include "server/core/storage_paths.hpp"
#include "server/core/testing/account_rig.hpp"

namespace immich::testing {

/// A request body that arrives in pieces, as a network buffer would give them.
class PiecewiseBody : public http::BodyReader {
 public:
  explicit PiecewiseBody(std::string bytes, std::size_t piece_bytes = 64 * 1024)
      : bytes_(std::move(bytes)), piece_bytes_(piece_bytes) {}

  Task<std::span<const std::uint8_t>> Read() override {
    if (at_ >= break_at && break_at > 0) throw BadRequest("The request body ended early");
    const std::size_t count = std::min(piece_bytes_, bytes_.size() - at_);
    if (count == 0 && on_end) std::exchange(on_end, {})();
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes_.data()) + at_;
    at_ += count;
    co_return std::span(first, count);
  }
  std::optional<std::uint64_t> length() const override { return bytes_.size(); }

  /// The client breaks off after that many bytes.
  std::size_t break_at = 0;
  /// Called when everything was read.
  std::function<void()> on_end;

 private:
  std::string bytes_;
  std::size_t piece_bytes_;
  std::size_t at_ = 0;
};

/// A form for POST /assets.
struct UploadForm {
  std::string content;
  std::string file_name = "photo.jpg";
  std::vector<std::pair<std::string, std::string>> fields = {{"fileCreatedAt", "2024-03-10T10:15:30.000Z"},
                                                             {"fileModifiedAt", "2024-03-11T00:00:00.000Z"}};
  std::optional<std::string> sidecar;

  std::string Body() const {
    std::string body;
    for (const auto& [name, value] : fields) body += Part("name=\"" + name + '"', value);
    if (sidecar) body += Part("name=\"sidecarData\"; filename=\"photo.xmp\"", *sidecar);
    body += Part("name=\"assetData\"; filename=\"" + file_name + '"', content);
    return body + "--limit--\r\n";
  }

  static std::string Part(const std::string& disposition, const std::string& value) {
    return "--limit\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n";
  }
};

/// An installation with accounts and a media location.
struct AssetRig : AccountRig {
  explicit AssetRig(pg::Pool& pool)
      : AccountRig(pool), paths(folder.path()), access(pool), upload(pool, jobs, events, paths) {}

  static http::Request RequestOf(http::BodyReader& body) {
    http::Request request;
    request.method = http::Method::kPost;
    request.headers.Add("content-type", "multipart/form-data; boundary=limit");
    request.body = &body;
    return request;
  }

  Task<assets::UploadOutcome> Send(const AuthContext& auth, UploadForm form) {
    co_return co_await SendWith(auth, std::move(form), upload);
  }
  static Task<assets::UploadOutcome> SendWith(const AuthContext& auth, UploadForm form, assets::AssetUpload& receiver) {
    PiecewiseBody body(form.Body());
    http::Request request = RequestOf(body);
    co_return co_await receiver.Receive(auth, request);
  }
  /// Uploads `content` and gives the id.
  Task<AssetId> Add(const AuthContext& auth, std::string content, std::string file_name = "photo.jpg") {
    UploadForm form;
    form.content = std::move(content);
    form.file_name = std::move(file_name);
    const assets::UploadOutcome outcome = co_await Send(auth, std::move(form));
    co_return outcome.id;
  }

  /// Every file below the media location.
  std::set<std::string> Files() const {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (entry.is_regular_file()) files.insert(entry.path().string());
    }
    return files;
  }
  /// Waits until there are `count` files; uploads that fail are removed behind the answer's back.
  Task<bool> HasFiles(std::size_t count) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (Files().size() != count && std::chrono::steady_clock::now() < end) {
      co_await SleepFor(std::chrono::milliseconds(5));
    }
    co_return Files().size() == count;
  }
  std::string MakeFile(std::string_view name, std::string_view content = "x") const {
    const std::string path = folder / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  Task<void> Sql(std::string script) { co_await db.RunScript(std::move(script)); }
  Task<std::int64_t> Number(std::string query) { co_return co_await QueryNumber(db, std::move(query)); }
  Task<std::string> Text(std::string query) { co_return co_await QueryText(db, std::move(query)); }

  /// Names of the jobs queued since the last call, with what they are about.
  std::vector<std::string> TakeJobs() {
    std::vector<std::string> taken;
    for (const auto& job : std::exchange(jobs.queued, {})) taken.push_back(std::string(job.name) + ' ' + job.data);
    return taken;
  }

  TemporaryDirectory folder;
  StoragePaths paths;
  Access access;
  assets::AssetUpload upload;
};

inline void WithAssets(const std::function<Task<void>(AssetRig&)>& body) {
  const MigratedDatabase database;
  WithPool(database, [&](pg::Pool& pool) -> Task<void> {
    AssetRig rig(pool);
    co_await rig.config.Load();
    co_await body(rig);
  });
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs tasks side by side and gives their results in order, errors as `400 message`.
inline Task<std::vector<std::string>> RunTogether(std::vector<Task<std::string>> tasks) {
  struct State {
    explicit State(std::size_t count) : running(count), results(count) {}
    Semaphore running;
    std::vector<std::string> results;
  };
  const auto state = std::make_shared<State>(tasks.size());
  const auto run = [](Task<std::string> task, std::shared_ptr<State> into, std::size_t index) -> Task<void> {
    try {
      into->results[index] = co_await std::move(task);
    } catch (const Error& error) {
      into->results[index] = fmt::format("{} {}", error.http_status(), error.what());
    }
    into->running.Release();
  };
  const auto executor = co_await boost::asio::this_coro::executor;
  for (std::size_t i = 0; i < tasks.size(); ++i) co_await state->running.Acquire();
  for (std::size_t i = 0; i < tasks.size(); ++i) Spawn(executor, "test", run(std::move(tasks[i]), state, i));
  for (std::size_t i = 0; i < tasks.size(); ++i) co_await state->running.Acquire();
  co_return std::move(state->results);
}

}  // namespace immich::testing
