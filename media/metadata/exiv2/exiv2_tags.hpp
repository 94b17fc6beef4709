#pragma once

#include <exiv2/exiv2.hpp>

#include <string>

#include "media/metadata/tag_set.hpp"

namespace immich::media {

/// Adds tags under ExifTool's names. Call in this order, most trusted first: values already there are kept.
void AddExifTags(const Exiv2::ExifData& exif, TagSet& tags);
void AddXmpTags(const Exiv2::XmpData& xmp, TagSet& tags);
void AddIptcTags(const Exiv2::IptcData& iptc, TagSet& tags);

/// EXIF ColorSpace as ExifTool prints it: "sRGB", "Uncalibrated".
std::string ColorSpaceName(long value);

/// Once per process: quiet log, lock for the XMP toolkit, namespaces Exiv2 does not know. Thread-safe.
void PrepareExiv2();

}  // namespace immich::media
