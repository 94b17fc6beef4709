#pragma once

extern "C" {
struct AVStream;
}

namespace immich::media {

/// Rotation of the display matrix in whole degrees, -179..180, as ffprobe prints it; 0 without a matrix.
int RotationOf(const AVStream* stream);

}  // namespace immich::media
