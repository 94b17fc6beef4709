#pragma once

namespace immich::media {

/// How the samples of a picture or video frame are to be read, by the numbers of ITU-T H.273.
struct YccEncoding {
  int bits = 8;
  bool full_range = true;
  int primaries = 2;  ///< 1 BT.709, 9 BT.2020, 12 Display P3; 2 unspecified
  int transfer = 2;   ///< 13 sRGB, 16 PQ, 18 HLG; 2 unspecified
  int matrix = 2;     ///< 0 the planes are G, B, R; 1 BT.709, 5 and 6 BT.601, 9 BT.2020; 2 unspecified (BT.601)

  bool is_hdr() const { return transfer == 16 || transfer == 18; }
};

}  // namespace immich::media
