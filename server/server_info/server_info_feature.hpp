#pragma once

namespace immich {

struct FeatureContext;

/// All of /server, plus `/.well-known/immich` and `/custom.css`.
void RegisterServerInfo(FeatureContext& context);

}  // namespace immich
