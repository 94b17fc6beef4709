#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"

namespace immich {

class SystemConfig;

/// In pixels of the picture that was sent.
struct PixelBox {
  int x1 = 0, y1 = 0, x2 = 0, y2 = 0;
};

struct FoundFace {
  PixelBox box;
  double score = 0;
  /// Vector literal: `[0.1,…]`.
  std::string embedding;
};

struct FaceReading {
  int image_width = 0, image_height = 0;
  std::vector<FoundFace> faces;
};

struct FoundText {
  /// Corners x1, y1 … x4, y4 from top left clockwise, 0 to 1.
  std::array<double, 8> corners{};
  double box_score = 0, text_score = 0;
  std::string text;
};

struct TextReadingOptions {
  std::string model;
  double min_detection_score = 0, min_recognition_score = 0;
  std::int64_t max_resolution_px = 0;
};

struct FoundObject {
  std::string label;
  double score = 0;
  PixelBox box;
};

struct ObjectReading {
  int image_width = 0, image_height = 0;
  std::vector<FoundObject> objects;
};

/// What the machine-learning service does for us; an interface because the service is another program. Every call
/// throws InternalError when no service can do it, with what the last one said.
class MlService {
 public:
  virtual ~MlService() = default;

  /// Vector literal of the picture at `path`.
  virtual Task<std::string> EncodeImage(std::string path, std::string model) = 0;
  /// Vector literal of a text; `language` as the client names its own, for multilingual models.
  virtual Task<std::string> EncodeText(std::string text, std::string model, std::optional<std::string> language) = 0;
  virtual Task<FaceReading> FindFaces(std::string path, std::string model, double min_score) = 0;
  virtual Task<std::vector<FoundText>> ReadText(std::string path, TextReadingOptions options) = 0;
  /// Not known to the original's service, which refuses it.
  virtual Task<ObjectReading> FindObjects(std::string path, std::string model, double min_score) = 0;
};

/// MlService over HTTP (facts: ml, "HTTP" and "Server client"). The services of the configuration are asked in order,
/// those that answered last time first; a busy one (503 with Retry-After) is asked again later. When availability
/// checks are on, all are pinged in their interval.
class MlClient : public MlService {
 public:
  struct Options {
    /// Of one request; a service that loads its model first from the network answers late.
    std::chrono::milliseconds timeout{10 * 60'000};
    std::chrono::milliseconds connect_timeout{5'000};
    /// For how long busy services are asked again: for a job, and for a text somebody searches for.
    std::chrono::milliseconds busy_patience{5 * 60'000};
    std::chrono::milliseconds text_busy_patience{10'000};
  };

  MlClient(boost::asio::any_io_executor executor, SystemConfig& config) : MlClient(executor, config, Options()) {}
  MlClient(boost::asio::any_io_executor executor, SystemConfig& config, Options options);
  ~MlClient() override;

  /// Begins to ping the services.
  void StartChecks();
  /// False for a service that did not answer its last ping or request.
  bool IsHealthy(const std::string& url) const;

  Task<std::string> EncodeImage(std::string path, std::string model) override;
  Task<std::string> EncodeText(std::string text, std::string model, std::optional<std::string> language) override;
  Task<FaceReading> FindFaces(std::string path, std::string model, double min_score) override;
  Task<std::vector<FoundText>> ReadText(std::string path, TextReadingOptions options) override;
  Task<ObjectReading> FindObjects(std::string path, std::string model, double min_score) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace immich
