#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/http/multipart.hpp"

namespace immich::http {

/// What the header lines of one part say.
struct PartHeader {
  PartInfo info;
  /// False for parts that are not form data and are skipped.
  bool is_form_data = false;
  bool has_name = false;
};

/// Parses the header block of a part, without its final empty line. Nothing when a line is no header field.
std::optional<PartHeader> ParsePartHeader(std::string_view block);

/// Bytes of a form: UTF-8 when they are well-formed, else Latin-1 converted to UTF-8.
std::string DecodeFormText(std::string_view bytes);

}  // namespace immich::http
