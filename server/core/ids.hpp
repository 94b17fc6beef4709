#pragma once

#include "platform/uuid/uuid.hpp"

namespace immich {

using UserId = Id<struct UserIdTag>;
using AssetId = Id<struct AssetIdTag>;
using AlbumId = Id<struct AlbumIdTag>;
using SessionId = Id<struct SessionIdTag>;
using ApiKeyId = Id<struct ApiKeyIdTag>;
using SharedLinkId = Id<struct SharedLinkIdTag>;
using LibraryId = Id<struct LibraryIdTag>;
using PersonId = Id<struct PersonIdTag>;
using StackId = Id<struct StackIdTag>;
using TagId = Id<struct TagIdTag>;
using MemoryId = Id<struct MemoryIdTag>;

}  // namespace immich
