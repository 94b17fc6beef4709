#include "platform/curl/curl_library.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace immich {
namespace {

TEST(CurlLibraryTest, IsLoadedOnceAndWorks) {
  const CurlFunctions& curl = LoadedCurl();
  EXPECT_EQ(&curl, &LoadedCurl());
  EXPECT_EQ(std::string_view(curl.strerror(CURLE_OK)), "No error");
  CURL* handle = curl.init();
  ASSERT_NE(handle, nullptr);
  EXPECT_EQ(curl.setopt(handle, CURLOPT_URL, "nothing://here"), CURLE_OK);
  EXPECT_EQ(curl.perform(handle), CURLE_UNSUPPORTED_PROTOCOL);
  curl.cleanup(handle);
}

}  // namespace
}  // namespace immich
