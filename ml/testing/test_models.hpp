#pragma once

#include <filesystem>
#include <string_view>

namespace immich::ml::testing {

/// ONNX Runtime can be loaded here; tests that run graphs skip without it.
bool HasRuntime();
/// The folder of test models: `../shared/models` beside the repository, else what `./dev setup` made of npm packages;
/// empty when there is neither.
std::filesystem::path ModelsFolder();
/// A file below ModelsFolder(), empty when it is not there.
std::filesystem::path FindModel(std::string_view relative);
/// The folder of test pictures (`../shared/media`), empty when it is not there.
std::filesystem::path MediaFolder();

}  // namespace immich::ml::testing

/// Skips the test with a clear reason.
#define IMMICH_ML_NEEDS_RUNTIME() \
  if (!::immich::ml::testing::HasRuntime()) GTEST_SKIP() << "ONNX Runtime is not installed: ./dev setup"
#define IMMICH_ML_NEEDS_MODEL(variable, relative)                   \
  IMMICH_ML_NEEDS_RUNTIME();                                        \
  const auto variable = ::immich::ml::testing::FindModel(relative); \
  if (variable.empty()) GTEST_SKIP() << "the test model " << relative << " is not there"
