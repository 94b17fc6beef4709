#pragma once

#include <array>
#include <memory>

#include "ml/imaging/pixel_tensor.hpp"
#include "ml/models/model_task.hpp"

namespace immich::ml {

/// How an image tower wants its pictures: preprocess_cfg.json.
struct ClipPreprocessing {
  int size_px = 224;
  PixelScale scale;
};

/// From `preprocess_cfg.json`; without the file OpenAI's numbers and the size of the graph's input. Throws
/// ModelLoadError.
ClipPreprocessing ReadClipPreprocessing(const std::filesystem::path& file, const TensorInfo& input);

/// The tensor of one picture, 3 × size × size: shorter edge to `size` (bicubic, the longer one cut to whole pixels),
/// the centre of that, scaled. Agrees with Pillow bit by bit as long as the picture was not scaled while it was
/// decoded.
void FillClipPlanes(const RgbImage& image, int native_width, int native_height, const ClipPreprocessing& wanted,
                    std::span<float> planes);

/// OpenCLIP, SigLIP and SigLIP 2 image towers. Result: the embedding as a text of JSON numbers.
std::unique_ptr<ModelTask> MakeClipVisual(const ModelFolder& folder, SessionFactory& sessions);

}  // namespace immich::ml
