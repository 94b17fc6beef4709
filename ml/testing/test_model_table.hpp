#pragma once

#include <atomic>
#include <string>

// The model table that tests of the service link instead of the real one. Its models double numbers:
//   clip/textual                    the number of bytes of the text
//   clip/visual                     the width of the picture
//   facial-recognition/detection    the width of the picture; recognition doubles that once more; ocr likewise
// For models whose name contains `huge` there is never enough memory.
namespace immich::ml::testing {

struct TestTable {
  /// Models made since the start.
  static std::atomic<int> made;
  /// While true, models whose name contains `slow` are not finished.
  static std::atomic<bool> holds_slow_models;
  /// Writes the graph of a model below `cache`.
  static void WriteModel(const std::string& cache, const std::string& task, const std::string& type,
                         const std::string& name);
  /// Bytes of a picture of this size, as the ImageInput of the tests reads it.
  static std::string Picture(int width, int height);
};

}  // namespace immich::ml::testing
