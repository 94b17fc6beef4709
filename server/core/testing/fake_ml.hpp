#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "platform/error/error.hpp"
#include "server/core/ml_client.hpp"

namespace immich::testing {

/// `[a,b,0,0,…]`: a vector literal with the given first numbers.
inline std::string VectorLiteral(const std::vector<double>& head, std::size_t dimension = 512) {
  std::string text = "[";
  for (std::size_t i = 0; i < dimension; ++i) {
    if (i > 0) text += ',';
    text += i < head.size() ? std::to_string(head[i]) : "0";
  }
  return text + "]";
}

/// Stands for the machine-learning service, another program: answers what a test says and keeps what it is asked. What
/// a test does not say fails as if no service were there.
class FakeMl : public MlService {
 private:
  template <class Function>
  auto Answer(const Function& function, const std::string& subject, const std::string& model) {
    asked.emplace_back(model, subject);
    if (!function) throw InternalError("no machine learning");
    return function(subject);
  }

 public:
  std::function<std::string(const std::string& path)> encode_image;
  std::function<std::string(const std::string& text)> encode_text;
  std::function<FaceReading(const std::string& path)> find_faces;
  std::function<std::vector<FoundText>(const std::string& path)> read_text;
  std::function<ObjectReading(const std::string& path)> find_objects;
  /// Model, then text or path, of each call.
  std::vector<std::pair<std::string, std::string>> asked;

  Task<std::string> EncodeImage(std::string path, std::string model) override {
    co_return Answer(encode_image, path, model);
  }
  Task<std::string> EncodeText(std::string text, std::string model, std::optional<std::string>) override {
    co_return Answer(encode_text, text, model);
  }
  Task<FaceReading> FindFaces(std::string path, std::string model, double) override {
    co_return Answer(find_faces, path, model);
  }
  Task<std::vector<FoundText>> ReadText(std::string path, TextReadingOptions options) override {
    co_return Answer(read_text, path, options.model);
  }
  Task<ObjectReading> FindObjects(std::string path, std::string model, double) override {
    co_return Answer(find_objects, path, model);
  }
};

}  // namespace immich::testing
