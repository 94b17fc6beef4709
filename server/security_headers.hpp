#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace immich {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// The response headers IMMICH_HELMET_FILE asks for: none when empty, ours for `true`, else those of the JSON file at
/// that path. Blocking. Throws InternalError naming the file and what is wrong with it.
HeaderList ReadSecurityHeaders(const std::string& helmet_file);

/// The headers of a configuration of the npm package helmet 8: an object whose members are `false` (leave the header
/// out), `true` (its default) or its options; a header without a member has its default. Throws InternalError for a
/// member that helmet does not know or options it would refuse.
HeaderList SecurityHeaders(const boost::json::value& helmet);

}  // namespace immich
