#pragma once

namespace immich {

struct FeatureContext;

/// Shared links: albums and assets for people without an account.
void RegisterSharedLinks(FeatureContext& context);

}  // namespace immich
